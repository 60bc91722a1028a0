// Reading through caches: who is asked, how often, and what a stale copy can never do.
import { describe, expect, test } from "vitest";
import type { Cache } from "#contracts/cache";
import { Failure } from "#kernel/failure";
import { type EpochMs, milliseconds } from "#kernel/units";
import { moduleCache } from "#runtime/module-cache";
import { type ReadThroughOptions, readThrough, type Versioned } from "#runtime/read-through";
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

function world(over: Partial<ReadThroughOptions> = {}) {
  const truth = new Map<string, Versioned>([["k", { version: 1, text: "one" }]]);
  const counts: Record<string, number> = {};
  const clock = { now: 0 };
  const reads: string[] = [];
  const cached = readThrough({
    caches: [moduleCache(10)],
    read(key) {
      reads.push(key);
      return Promise.resolve(truth.get(key));
    },
    freshMs: FRESH,
    now: () => clock.now as EpochMs,
    random: () => 0,
    count(metric) {
      counts[metric] = (counts[metric] ?? 0) + 1;
    },
    ...over,
  });
  return { cached, truth, counts, clock, reads };
}

test("a fresh copy answers without a read, a stale one does not", async () => {
  const { cached, truth, counts, clock, reads } = world();

  await cached.get("k");
  truth.set("k", { version: 2, text: "two" });
  clock.now = FRESH - 1;
  const fresh = await cached.get("k");
  clock.now = FRESH;
  const anew = await cached.get("k");

  expect([fresh?.text, anew?.text]).toEqual(["one", "two"]);
  expect(reads).toEqual(["k", "k"]);
  expect(counts).toEqual({ CacheMisses: 2, CacheHits: 1 });
});

test("whoever asks meanwhile waits for the one read that is under way", async () => {
  const { cached, counts, reads } = world();

  const answers = await Promise.all(Array.from({ length: 50 }, () => cached.get("k")));

  expect(new Set(answers.map((answer) => answer?.text))).toEqual(new Set(["one"]));
  expect(reads).toEqual(["k"]);
  expect(counts).toEqual({ CacheMisses: 1, CacheShared: 49 });
});

test("a failed read is the answer of those who waited, and the next one asks again", async () => {
  let isBroken = true;
  const { cached } = world({
    read: () =>
      isBroken
        ? Promise.reject(new Failure("store-unavailable", "retry", "gone"))
        : Promise.resolve({ version: 1, text: "one" }),
  });

  const both = await Promise.allSettled([cached.get("k"), cached.get("k")]);
  isBroken = false;

  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect((await cached.get("k"))?.text).toBe("one");
});

test("copies that were made together end at different times", async () => {
  const draws = [0, 0.25, 0.5, 0.75, 0.999];
  const ends: number[] = [];
  const caches: readonly Cache[] = [
    {
      get: () => Promise.resolve(undefined),
      put: (_key, { freshUntil }) => Promise.resolve(void ends.push(freshUntil)),
    },
  ];
  const { cached } = world({ caches, random: () => draws.shift() ?? 0 });

  for (let time = 0; time < 5; time += 1) await cached.get("k");

  expect(ends).toEqual([1_000, 875, 750, 625, 501]);
});

test("a change is seen at once, and a slow reader cannot undo it", async () => {
  let answer: (value: Versioned) => void = () => undefined;
  const { cached } = world({
    read: () => new Promise((resolve) => void (answer = resolve)),
  });

  const slow = cached.get("k");
  await Promise.resolve();
  await Promise.resolve();
  await cached.put("k", { version: 2, text: "two" });
  answer({ version: 1, text: "one" });
  await slow;

  expect((await cached.get("k"))?.text).toBe("two");
});

test("whoever wants the truth gets it, and the copies are renewed", async () => {
  const { cached, truth, reads } = world();
  await cached.get("k");
  truth.set("k", { version: 2, text: "two" });

  const anew = await cached.get("k", true);
  const after = await cached.get("k");

  expect([anew?.text, after?.text]).toEqual(["two", "two"]);
  expect(reads).toHaveLength(2);
});

test("what is not there is not remembered", async () => {
  const { cached, truth } = world();
  const before = await cached.get("new");
  truth.set("new", { version: 1, text: "now there" });

  expect([before, (await cached.get("new"))?.text]).toEqual([undefined, "now there"]);
});

test("a copy from afar is kept near, until it would have ended there", async () => {
  const [near, far] = [moduleCache(10), moduleCache(10)];
  const { cached, clock, reads } = world({ caches: [near, far] });
  await far.put("k", { version: 1, text: "far", freshUntil: 500 as EpochMs });

  const found = await cached.get("k");
  const kept = await near.get("k");
  clock.now = 500;
  const after = await cached.get("k");

  expect([found?.text, kept?.freshUntil, after?.text]).toEqual(["far", 500, "one"]);
  expect(reads).toEqual(["k"]);
});

test("a cache that fails is worked without, and counted", async () => {
  const gone = () => Promise.reject(new Failure("store-unavailable", "retry", "no Redis"));
  const { cached, counts } = world({ caches: [{ get: gone, put: gone }] });

  expect((await cached.get("k"))?.text).toBe("one");
  expect(counts).toEqual({ CacheFailures: 2, CacheMisses: 1 });
});
