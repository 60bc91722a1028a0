// What every snapshot store promises.
import { expect, test } from "vitest";
import type { SnapshotStore } from "#services/products/search-ports";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export function snapshotStoreContract(open: () => SnapshotStore | Promise<SnapshotStore>): void {
  const tagOf = async (written: Promise<string | undefined>): Promise<string> => {
    const tag = await written;
    if (tag === undefined) throw new Error("another was first");
    return tag;
  };

  test("nothing is there before the first write", async () => {
    const store = await open();

    expect(await store.read()).toBeUndefined();
    expect(await store.read('"known"')).toBeUndefined();
  });

  test("what was written is read, and is unchanged for whoever has it", async () => {
    const store = await open();
    const tag = await tagOf(store.write(bytes("one\u0000é"), undefined));

    const read = await store.read();

    expect(read).toMatchObject({ tag });
    expect(read).toHaveProperty("bytes", bytes("one\u0000é"));
    expect(await store.read(tag)).toBe("unchanged");
    expect(await store.read('"another"')).toMatchObject({ tag });
  });

  test("a write takes effect only in the place of what it replaces", async () => {
    const store = await open();
    const first = await tagOf(store.write(bytes("one"), undefined));
    const second = await tagOf(store.write(bytes("two"), first));

    expect(await store.write(bytes("three"), first)).toBeUndefined();
    expect(await store.write(bytes("three"), undefined)).toBeUndefined();

    expect(second).not.toBe(first);
    expect(await store.read()).toMatchObject({ tag: second });
  });

  test("a write in the place of something does nothing where nothing is", async () => {
    const store = await open();

    expect(await store.write(bytes("one"), '"gone"')).toBeUndefined();
    expect(await store.read()).toBeUndefined();
  });

  test("of many first writers at once exactly one is first", async () => {
    const store = await open();

    const tags = await Promise.all(
      Array.from({ length: 8 }, (_, at) => store.write(bytes(`writer ${at}`), undefined)),
    );

    const [tag, ...others] = tags.filter((given) => given !== undefined);
    expect(others).toEqual([]);
    expect(await store.read()).toMatchObject({ tag });
  });
}
