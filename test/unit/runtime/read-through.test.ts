// Reading through copies: who is asked, how often, and what a stale copy can never do.
import { describe, expect, test } from "vitest";
import type { Cache } from "#contracts/cache";
import { Failure } from "#kernel/failure";
import { type EpochMs, milliseconds } from "#kernel/units";
import type { CacheLayer, Versioned } from "#runtime/cache-layers";
import { cacheStatus } from "#runtime/cache-lookup";
import { moduleCache } from "#runtime/module-cache";
import { type ReadThroughOptions, readThrough } from "#runtime/read-through";
import { cacheContract } from "../../contract/cache-contract.ts";

describe("the sandbox's own memory", () => {
  cacheContract(() => moduleCache(10));

  test("it has a bound", async () => {
    const cache = moduleCache(2);
    for (const key of ["a", "b", "c"]) {
      await cache.put(key, { version: 1, text: key, freshUntil: 1 as EpochMs });
    }

    expect(await cache.get("a")).toBeUndefined();
    expect(await cache.get("c")).toBeDefined();
  });
});

const FRESH = milliseconds(1_000);

const near = (cache: Cache = moduleCache(10)): CacheLayer => ({
  name: "module",
  cache,
  freshMs: FRESH,
});

const far = (cache: Cache = moduleCache(10)): CacheLayer => ({
  name: "valkey",
  cache,
  freshMs: milliseconds(10_000),
});

const one: Versioned<string> = { version: 1, value: "one" };
const two: Versioned<string> = { version: 2, value: "two" };

function world(over: Partial<ReadThroughOptions<string>> = {}) {
  const truth = new Map<string, Versioned<string>>([["k", one]]);
  const counts: Record<string, number> = {};
  const clock = { now: 0 };
  const reads: string[] = [];
  const cached = readThrough<string>({
    kind: "product",
    layers: [near()],
    read(key) {
      reads.push(key);
      return Promise.resolve(truth.get(key));
    },
    open: (document) => (typeof document === "string" ? document : undefined),
    now: () => clock.now as EpochMs,
    random: () => 0,
    count(metric) {
      counts[metric] = (counts[metric] ?? 0) + 1;
    },
    ...over,
  });
  const valueOf = async (isAnew?: boolean) => (await cached.get("k", isAnew)).value;
  const statusOf = async (isAnew?: boolean) =>
    cacheStatus((await cached.get("k", isAnew)).lookups)["cache-status"];
  return { cached, truth, counts, clock, reads, valueOf, statusOf };
}

test("a fresh copy answers without a read, a stale one does not", async () => {
  const { truth, counts, clock, reads, valueOf } = world();

  await valueOf();
  truth.set("k", two);
  clock.now = FRESH - 1;
  const fresh = await valueOf();
  clock.now = FRESH;
  const anew = await valueOf();

  expect([fresh, anew]).toEqual(["one", "two"]);
  expect(reads).toEqual(["k", "k"]);
  expect(counts).toEqual({
    CacheModuleMisses: 1,
    CacheModuleHits: 1,
    CacheModuleStale: 1,
    CacheReads: 2,
  });
});

test("whoever asks meanwhile waits for the one read that is under way", async () => {
  const { counts, reads, valueOf } = world();

  const answers = await Promise.all(Array.from({ length: 50 }, () => valueOf()));

  expect(new Set(answers)).toEqual(new Set(["one"]));
  expect(reads).toEqual(["k"]);
  expect(counts).toEqual({ CacheModuleMisses: 1, CacheReads: 1, CacheCollapsed: 49 });
});

test("a failed read is the answer of those who waited, and the next one asks again", async () => {
  let isBroken = true;
  const { valueOf } = world({
    read: () =>
      isBroken
        ? Promise.reject(new Failure("store-unavailable", "retry", "gone"))
        : Promise.resolve(one),
  });

  const both = await Promise.allSettled([valueOf(), valueOf()]);
  isBroken = false;

  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await valueOf()).toBe("one");
});

test("copies that were made together end at different times", async () => {
  const draws = [0, 0.25, 0.5, 0.75, 0.999];
  const ends: number[] = [];
  const cache: Cache = {
    get: () => Promise.resolve(undefined),
    put: (_key, { freshUntil }) => Promise.resolve(void ends.push(freshUntil)),
  };
  const { valueOf } = world({ layers: [near(cache)], random: () => draws.shift() ?? 0 });

  for (let time = 0; time < 5; time += 1) await valueOf();

  expect(ends).toEqual([1_000, 875, 750, 625, 501]);
});

test("shortly before a copy's end some of its readers renew it, others do not", async () => {
  const draw = { next: 0 };
  const { clock, reads, valueOf } = world({ random: () => draw.next });
  await valueOf();
  clock.now = FRESH - 30;

  draw.next = 0.5;
  await valueOf();
  const afterMany = reads.length;
  draw.next = 0.9;
  await valueOf();

  expect([afterMany, reads.length]).toEqual([1, 2]);
});

test("a change is seen at once, and a slow reader cannot undo it", async () => {
  let answer: (value: Versioned<string>) => void = () => undefined;
  const { cached, valueOf } = world({
    read: () => new Promise((resolve) => void (answer = resolve)),
  });

  const slow = valueOf();
  await Promise.resolve();
  await Promise.resolve();
  await cached.put("k", two);
  answer(one);
  await slow;

  expect(await valueOf()).toBe("two");
});

test("whoever wants the truth gets it, and the copies are renewed", async () => {
  const { truth, counts, reads, valueOf, statusOf } = world({ layers: [near(), far()] });
  await valueOf();
  truth.set("k", two);

  const status = await statusOf(true);
  const after = await valueOf();

  expect([status, after]).toEqual(["valkey; fwd=request, module; fwd=request", "two"]);
  expect(reads).toHaveLength(2);
  expect(counts).toMatchObject({ CacheBypassed: 1, CacheModuleHits: 1 });
});

test("whoever wants the truth never gets that of a read that began before he asked", async () => {
  const answers: ((value: Versioned<string>) => void)[] = [];
  const { valueOf } = world({
    read: () => new Promise((resolve) => void answers.push(resolve)),
  });

  const early = valueOf(true);
  const late = valueOf(true);
  answers[1]?.(two);
  answers[0]?.(one);

  expect(await Promise.all([early, late])).toEqual(["one", "two"]);
});

test("what is not there is not remembered", async () => {
  const { cached, truth } = world();
  const before = await cached.get("new");
  truth.set("new", { version: 1, value: "now there" });

  expect([before.value, (await cached.get("new")).value]).toEqual([undefined, "now there"]);
});

test("a copy from afar is kept near for as long as copies are there, and no longer", async () => {
  const [memory, shared] = [moduleCache(10), moduleCache(10)];
  const { clock, reads, statusOf } = world({ layers: [near(memory), far(shared)] });
  const put = (freshUntil: number) =>
    shared.put("product:k", { version: 1, text: '"far"', freshUntil: freshUntil as EpochMs });
  const kept = async () => (await memory.get("product:k"))?.freshUntil;

  await put(500);
  const statuses = [await statusOf(), await statusOf()];
  const short = await kept();
  clock.now = 500;
  await put(9_000);
  statuses.push(await statusOf());

  expect([short, await kept()]).toEqual([500, 500 + FRESH]);
  expect(statuses).toEqual([
    "valkey; hit; ttl=0, module; fwd=uri-miss",
    "module; hit; ttl=0",
    "valkey; hit; ttl=8, module; fwd=stale",
  ]);
  expect(reads).toEqual([]);
});

test.each(["{", '{"of":"another release"}'])("a copy that says %s is passed over", async (text) => {
  const cache = moduleCache(10);
  const { counts, valueOf } = world({ layers: [near(cache)] });
  await cache.put("product:k", { version: 1, text, freshUntil: 1_000 as EpochMs });

  expect([await valueOf(), await valueOf()]).toEqual(["one", "one"]);
  expect(counts).toMatchObject({ CacheFailures: 1, CacheReads: 1, CacheModuleHits: 1 });
});

test("a cache that fails is worked without, and counted", async () => {
  const gone = () => Promise.reject(new Failure("store-unavailable", "retry", "no Valkey"));
  const { counts, valueOf } = world({ layers: [far({ get: gone, put: gone })] });

  expect(await valueOf()).toBe("one");
  expect(counts).toEqual({ CacheFailures: 2, CacheValkeyMisses: 1, CacheReads: 1 });
});
