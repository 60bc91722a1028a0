// A warm function's index: how often its store is asked, what it goes on with when that fails, and
// what one search may cost.
import { expect, test, vi } from "vitest";
import { memorySnapshotStore } from "#adapters/memory/snapshot-store";
import { catalogueOf } from "#adapters/minisearch/catalogue";
import { planOf, WORDS_MAX } from "#adapters/minisearch/query-plan";
import { snapshotSearch } from "#adapters/minisearch/search-index";
import { snapshotWriter } from "#adapters/minisearch/search-writer";
import { decodeSnapshot } from "#adapters/minisearch/snapshot";
import { Failure } from "#kernel/failure";
import { seconds } from "#kernel/units";
import type { SearchRequest, SnapshotStore, Stored } from "#services/products/search-ports";
import { versionOf } from "../../support/product-samples.ts";
import { steppingClock } from "../../support/stepping-clock.ts";

const everything: SearchRequest = { text: "", filter: { categories: [] }, offset: 0, limit: 10 };

function world() {
  const clock = steppingClock();
  const snapshots = memorySnapshotStore();
  const read = vi.fn<SnapshotStore["read"]>((known) => snapshots.read(known));
  const store: SnapshotStore = { ...snapshots, read };
  const stale = vi.fn<(error: unknown) => void>();
  const index = snapshotSearch({
    snapshots: store,
    clock,
    lookEveryMs: seconds(10),
    onStale: stale,
  });
  const writer = snapshotWriter({ snapshots, clock });
  const total = async () => (await index.search(everything)).total;
  return { clock, snapshots, read, stale, index, writer, total };
}

test("any number of searches at once load the snapshot once", async () => {
  const { index, read, writer } = world();
  await writer.apply([versionOf({ sku: "a" })]);

  const answers = await Promise.all(Array.from({ length: 20 }, () => index.search(everything)));

  expect(answers.map(({ total }) => total)).toEqual(Array(20).fill(1));
  expect(read).toHaveBeenCalledTimes(1);
});

test("the store is asked again only after the interval, and only for what is new", async () => {
  const { clock, read, writer, total } = world();
  await writer.apply([versionOf({ sku: "a" })]);
  await total();
  await writer.apply([versionOf({ sku: "b" })]);

  clock.advance(9_999);
  expect(await total()).toBe(1);
  expect(read).toHaveBeenCalledTimes(1);
  clock.advance(1);
  expect(await total()).toBe(2);
  clock.advance(10_000);
  expect(await total()).toBe(2);

  await expect(read.mock.results.at(-1)?.value).resolves.toBe("unchanged");
});

test("when the store fails, the older snapshot goes on and somebody is told", async () => {
  const { clock, read, stale, writer, total } = world();
  await writer.apply([versionOf({ sku: "a" })]);
  await total();
  const failure = new Failure("store-unavailable", "retry", "S3 did not do it.");

  clock.advance(10_000);
  read.mockRejectedValueOnce(failure);

  expect(await total()).toBe(1);
  expect(stale).toHaveBeenCalledExactlyOnceWith(failure);
});

test("without a snapshot a failing store is the caller's to know, and is asked again", async () => {
  const { read, total } = world();
  read.mockRejectedValueOnce(new Failure("store-unavailable", "retry", "S3 did not do it."));

  await expect(total()).rejects.toMatchObject({ code: "store-unavailable" });
  expect(await total()).toBe(0);
});

test.for([
  ["no archive", new TextEncoder().encode("{}")],
  ["nothing", new Uint8Array()],
] as const)("%s in the place of a snapshot says what to do", async ([, bytes]) => {
  const { snapshots, total } = world();
  await snapshots.write(bytes, undefined);

  await expect(total()).rejects.toMatchObject({ code: "unexpected" });
  await expect(total()).rejects.toThrow("npm run rebuild -- --projection search");
});

test("words that everything has narrow without being scored, so a search has a bound", async () => {
  const { snapshots, writer, index } = world();
  const mentioned = { sku: "z", title: "Chair", description: "Goes with any oak table." };
  const many = Array.from({ length: 3_000 }, (_, at) =>
    versionOf({ sku: `sku-${at}`, title: `Oak table number ${at} of a large and fine shop` }),
  );
  await writer.apply([...many, versionOf({ sku: "rare", title: "Oak bed" }), versionOf(mentioned)]);
  const catalogue = catalogueOf(await decodeSnapshot(((await snapshots.read()) as Stored).bytes));
  const frequent = "oak table number of a large and fine shop";

  const scoredBy = (text: string): number =>
    (planOf(catalogue, text)?.scored ?? []).flat().reduce((sum, { products }) => sum + products, 0);

  for (const text of [frequent, `${frequent} 17`, "oa", "oak", "number 2"]) {
    expect(scoredBy(text)).toBeLessThanOrEqual(2_500);
  }
  expect(scoredBy(frequent)).toBe(0);
  expect((await index.search({ ...everything, text: frequent })).total).toBe(3_000);
  expect((await index.search({ ...everything, text: `${frequent} 17` })).products).toMatchObject([
    { sku: "sku-17" },
  ]);
  expect((await index.search({ ...everything, text: "oak bed" })).total).toBe(1);
  const last = { ...everything, text: "oak table", offset: 3_000 };
  expect((await index.search(last)).products).toMatchObject([{ sku: "z" }]);
});

test("of a text only the first words are looked at", async () => {
  const { snapshots, writer } = world();
  const words = Array.from({ length: WORDS_MAX + 5 }, (_, at) => `word${at}`);
  await writer.apply([versionOf({ sku: "a", title: words.join(" ") })]);
  const catalogue = catalogueOf(await decodeSnapshot(((await snapshots.read()) as Stored).bytes));

  const plan = planOf(catalogue, [...words, "unknown"].join(" "));

  expect([...(plan?.scored ?? []), ...(plan?.narrowing ?? [])]).toHaveLength(WORDS_MAX);
});
