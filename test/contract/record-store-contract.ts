/**
 * What every store of versioned records must do. An adapter's own test file calls this with a
 * constructor of an empty one.
 */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { JsonObject } from "#kernel/json";
import type { RecordStore, VersionedRecord } from "#messaging/flow/index";

const record = (version: number, over: Partial<VersionedRecord> = {}): VersionedRecord => ({
  version,
  changeId: `change-${version}`,
  data: { at: version },
  ...over,
});

export function recordStoreContract(open: () => RecordStore): void {
  const fresh = () => ({ store: open(), key: `key-${randomUUID()}` });

  test("what was never written is absent", async () => {
    const { store, key } = fresh();

    expect(await store.read(key)).toBeUndefined();
  });

  test("a record is read back as it was written", async () => {
    const { store, key } = fresh();
    const data: JsonObject = { text: 'é\u0000"', list: [null, 1.5, true], deep: { empty: {} } };

    expect(await store.write(key, record(1, { data }))).toEqual({ kind: "written" });

    expect(await store.read(key)).toEqual(record(1, { data }));
  });

  test("keys are apart", async () => {
    const { store, key } = fresh();
    await store.write(key, record(1));

    expect(await store.read(`${key}x`)).toBeUndefined();
    expect(await store.write(`${key}x`, record(1))).toEqual({ kind: "written" });
  });

  test("each write replaces the record as a whole", async () => {
    const { store, key } = fresh();
    await store.write(key, record(1, { data: { one: 1 } }));

    await store.write(key, record(2, { data: { two: 2 } }));

    expect(await store.read(key)).toEqual(record(2, { data: { two: 2 } }));
  });

  test("a late write is refused, and told what is there", async () => {
    const { store, key } = fresh();
    await store.write(key, record(1));
    await store.write(key, record(2));

    const first = await store.write(key, record(1, { changeId: "late" }));
    const second = await store.write(key, record(2, { changeId: "late" }));

    expect(first).toEqual({ kind: "refused", current: record(2) });
    expect(second).toEqual({ kind: "refused", current: record(2) });
    expect(await store.read(key)).toEqual(record(2));
  });

  test("a write over a version that nobody wrote is refused", async () => {
    const { store, key } = fresh();

    const answer = await store.write(key, record(2));

    expect(answer).toEqual({ kind: "refused", current: undefined });
    expect(await store.read(key)).toBeUndefined();
  });

  test("a repeated write is written once", async () => {
    const { store, key } = fresh();
    await store.write(key, record(1));

    expect(await store.write(key, record(1))).toEqual({ kind: "written" });

    expect(await store.read(key)).toEqual(record(1));
  });

  test("a repeated write that was overtaken is refused", async () => {
    const { store, key } = fresh();
    await store.write(key, record(1));
    await store.write(key, record(2));

    expect(await store.write(key, record(1))).toEqual({ kind: "refused", current: record(2) });
  });

  test.for([1, 2])("of 16 concurrent writes of version %i exactly one counts", async (version) => {
    const { store, key } = fresh();
    if (version === 2) await store.write(key, record(1));

    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        store.write(key, record(version, { changeId: `change-of-${index}` })),
      ),
    );

    const winners = answers.flatMap(({ kind }, index) => (kind === "written" ? [index] : []));
    expect(winners).toHaveLength(1);
    expect(await store.read(key)).toMatchObject({ changeId: `change-of-${winners[0]}` });
  });
}
