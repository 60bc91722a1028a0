// Writers of one snapshot beside each other, and a rebuild in the middle of changes.
import { expect, test, vi } from "vitest";
import { memoryProductSource } from "#adapters/memory/product-source";
import { memorySnapshotStore } from "#adapters/memory/snapshot-store";
import { snapshotSearch } from "#adapters/minisearch/search-index";
import { snapshotWriter } from "#adapters/minisearch/search-writer";
import { decodeSnapshot } from "#adapters/minisearch/snapshot";
import { milliseconds } from "#kernel/units";
import type { ProductSource, ProductVersion, Stored } from "#services/products/search-ports";
import { versionOf } from "../../support/product-samples.ts";
import { steppingClock } from "../../support/stepping-clock.ts";

const DAY_MS = 86_400_000;

function world() {
  const clock = steppingClock();
  const snapshots = memorySnapshotStore();
  const index = snapshotSearch({ snapshots, clock, lookEveryMs: milliseconds(0) });
  const writer = () => snapshotWriter({ snapshots, clock });
  const titles = async (text = "") => {
    const request = { text, filter: { categories: [] }, offset: 0, limit: 100 };
    return (await index.search(request)).products.map(({ title }) => title).sort();
  };
  const stored = async () => decodeSnapshot(((await snapshots.read()) as Stored).bytes);
  return { clock, snapshots, writer, titles, stored };
}

/** What the table has; `meanwhile` runs after everything was read and before it is written. */
function sourceOf(
  table: readonly ProductVersion[],
  now: () => readonly ProductVersion[] = () => table,
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): ProductSource {
  return {
    async *all() {
      yield* memoryProductSource(() => table).all();
      await meanwhile();
    },
    some: (skus) => memoryProductSource(now).some(skus),
  };
}

test("writers at once lose nothing of each other", async () => {
  const { writer, titles } = world();
  const skus = ["a", "b", "c", "d"];

  const applied = await Promise.all(
    skus.map((sku) => writer().apply([versionOf({ sku, title: sku })])),
  );

  expect(applied).toEqual([1, 1, 1, 1]);
  expect(await titles()).toEqual(skus);
});

test("a warm writer that another overtook reads again", async () => {
  const { writer, titles } = world();
  const [one, other] = [writer(), writer()];
  await one.apply([versionOf({ sku: "a", title: "old" })]);
  await other.apply([versionOf({ sku: "a", title: "new" }, 2)]);

  expect(await one.apply([versionOf({ sku: "a", title: "old" }), versionOf({ sku: "b" })])).toBe(1);

  expect(await titles("new")).toEqual(["new"]);
  expect(await titles("old")).toEqual([]);
});

test("nothing new is not written", async () => {
  const { snapshots, writer } = world();
  await writer().apply([versionOf({ sku: "a" })]);
  const write = vi.spyOn(snapshots, "write");

  expect(await writer().apply([versionOf({ sku: "a" })])).toBe(0);

  expect(write).not.toHaveBeenCalled();
});

test("a writer that is never first gives up, to be tried again", async () => {
  const { snapshots, writer } = world();
  const write = vi.spyOn(snapshots, "write").mockResolvedValue(undefined);

  await expect(writer().apply([versionOf({ sku: "a" })])).rejects.toMatchObject({
    code: "conflict",
    action: "retry",
  });
  expect(write).toHaveBeenCalledTimes(5);
});

test("what products left in the index is cleared away, and the index does not grow", async () => {
  const { writer, stored, titles } = world();
  const keeper = writer();
  for (let version = 1; version <= 40; version += 1) {
    await keeper.apply([versionOf({ sku: "a", title: `title ${version}` }, version)]);
  }

  const { index } = await stored();

  expect(index.index.length).toBeLessThan(10);
  expect(await titles("title 40")).toEqual(["title 40"]);
  expect(await titles("39")).toEqual([]);
});

test("deletions are remembered for a week", async () => {
  const { clock, writer, stored } = world();
  await writer().apply([versionOf({ sku: "a", deleted: true }, 2)]);

  clock.advance(6 * DAY_MS);
  await writer().apply([versionOf({ sku: "b" })]);
  expect((await stored()).gone).toHaveLength(1);
  clock.advance(2 * DAY_MS);
  await writer().apply([versionOf({ sku: "c" })]);

  expect((await stored()).gone).toEqual([]);
});

test("a rebuild shows what the table has, and nothing else", async () => {
  const { writer, titles } = world();
  await writer().apply([versionOf({ sku: "ghost", title: "ghost" })]);

  const shown = await writer().replace(
    sourceOf([
      versionOf({ sku: "a", title: "a" }, 3),
      versionOf({ sku: "gone", title: "gone", deleted: true }, 2),
    ]),
  );

  expect(shown).toBe(1);
  expect(await titles()).toEqual(["a"]);
});

test("what changes while a rebuild reads is in it, with all its words", async () => {
  const { writer, titles } = world();
  const before = [
    versionOf({ sku: "a", title: "a1", description: "ancient" }),
    versionOf({ sku: "b", title: "b1" }),
  ];
  const after = [
    versionOf({ sku: "a", title: "a2", description: "shining" }, 2),
    versionOf({ sku: "b", title: "b1", deleted: true }, 2),
    versionOf({ sku: "c", title: "c1" }),
  ];
  await writer().apply(before);

  await writer().replace(
    sourceOf(
      before,
      () => after,
      () => writer().apply(after),
    ),
  );

  expect(await titles()).toEqual(["a2", "c1"]);
  expect(await titles("shining")).toEqual(["a2"]);
  expect(await writer().apply([...before, ...after])).toBe(0);
});

test("a snapshot that nobody can read is replaced by a rebuild", async () => {
  const { snapshots, writer, titles } = world();
  await snapshots.write(new TextEncoder().encode("broken"), undefined);

  await expect(writer().apply([versionOf({ sku: "a" })])).rejects.toMatchObject({
    code: "unexpected",
  });
  await writer().replace(sourceOf([versionOf({ sku: "a", title: "a" })]));

  expect(await titles()).toEqual(["a"]);
});
