// What stands in front of a store: it saves what it says, and never answers in the store's place.
import { expect, test } from "vitest";
import { memoryIdempotencyStore } from "#adapters/memory/idempotency-store";
import { type EpochMs, milliseconds } from "#kernel/units";
import {
  bloomFilter,
  type ClaimRequest,
  hintedStore,
  type IdempotencyStore,
  recentKeys,
  type SeenKeys,
} from "#messaging/idempotency/index";
import { start } from "../../support/consumer-world.ts";
import { aroundCalls } from "../../support/interrupted.ts";
import { countedMetrics } from "../../support/once-world.ts";

const request = (key: string, owner = "a"): ClaimRequest => ({
  key,
  owner,
  payloadHash: "hash",
  leaseMs: milliseconds(1_000),
  keepMs: milliseconds(10_000),
});

function world(seen: (metrics: ReturnType<typeof countedMetrics>["metrics"]) => SeenKeys) {
  const { counts, metrics } = countedMetrics();
  const calls: string[] = [];
  const store: IdempotencyStore = aroundCalls(memoryIdempotencyStore(), (call, method) => {
    calls.push(method);
    return call();
  });
  const front = hintedStore(store, seen(metrics), metrics);
  const had = async (key: string) => {
    const answer = await front.claim(request(key), start);
    if (answer.kind !== "claimed") throw new Error(answer.kind);
    await front.complete(answer.claim, `result ${key}`, start);
    calls.length = 0;
  };
  return { front, calls, counts, had };
}

test("a duplicate that is remembered costs a read instead of a write", async () => {
  const { front, calls, counts, had } = world(() => recentKeys(10));
  await had("k");

  expect(await front.claim(request("k", "b"), start)).toEqual({
    kind: "completed",
    result: "result k",
  });

  expect(calls).toEqual(["find"]);
  expect(counts).toEqual({ hintsRight: 1 });
});

test("a duplicate that is not remembered costs its write once, and then it is", async () => {
  const { front, calls, counts, had } = world((metrics) => recentKeys(1, metrics));
  await had("k");
  await had("other");

  await front.claim(request("k", "b"), start);
  await front.claim(request("k", "c"), start);

  expect(calls).toEqual(["claim", "find"]);
  expect(counts).toEqual({ evicted: 2, hintsRight: 1 });
});

test("a new key that is taken for a known one is claimed all the same", async () => {
  const { front, calls, counts } = world(() => ({ has: () => true, add: () => {} }));

  expect(await front.claim(request("k"), start)).toMatchObject({ kind: "claimed" });

  expect(calls).toEqual(["find", "claim"]);
  expect(counts).toEqual({ hintsWrong: 1 });
});

test("what was remembered and has expired is claimed again", async () => {
  const { front, had } = world(() => recentKeys(10));
  await had("k");

  const answer = await front.claim(request("k", "b"), (start + 10_000) as EpochMs);

  expect(answer).toMatchObject({ kind: "claimed", follows: "expired" });
});

test("another payload is refused from a read, too", async () => {
  const { front, calls, had } = world(() => recentKeys(10));
  await had("k");

  const answer = await front.claim({ ...request("k", "b"), payloadHash: "other" }, start);

  expect(answer).toEqual({ kind: "mismatch" });
  expect(calls).toEqual(["find"]);
});

test("a memory of no keys remembers none", () => {
  const keys = recentKeys(0);
  keys.add("k");

  expect(keys.has("k")).toBe(false);
});

test("what is used stays remembered", () => {
  const keys = recentKeys(2);
  keys.add("a");
  keys.add("b");
  keys.has("a");
  keys.add("c");

  expect(["a", "b", "c"].map((key) => keys.has(key))).toEqual([true, false, true]);
});

const named = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index}`);

test("a Bloom filter's size follows from how many keys and errors are wanted", () => {
  // 1.44 log2(1/p) bits a key (Bloom, 1970), for half of 1 % in each of two generations.
  const filter = bloomFilter({ keys: 1_000, errorRate: 0.01 });

  expect(filter.bits).toBe(2 * 11_028);
  expect(filter.hashes).toBe(8);
  expect(filter.errorRateNow()).toBe(0);
});

test("a Bloom filter never forgets within its number of keys", () => {
  const filter = bloomFilter({ keys: 1_000, errorRate: 0.01 });
  const keys = named("key", 3_500);

  const forgotten = keys.flatMap((key, index) => {
    filter.add(key);
    const oldest = keys[Math.max(0, index - 999)] ?? "";
    return filter.has(oldest) ? [] : [oldest];
  });

  expect(forgotten).toEqual([]);
});

test.for([0.3, 0.01, 0.001])("a full Bloom filter keeps its error rate of %d", (errorRate) => {
  const filter = bloomFilter({ keys: 2_000, errorRate });
  for (const key of named("key", 4_000)) filter.add(key);

  const wrong = named("new", 20_000).filter((key) => filter.has(key)).length / 20_000;

  expect(wrong).toBeLessThan(errorRate * 1.3);
  expect(filter.errorRateNow()).toBeLessThan(errorRate * 1.1);
  expect(filter.errorRateNow()).toBeGreaterThan(errorRate * 0.6);
});

test("a filter that is full begins anew, and says how many keys it forgot", () => {
  const { counts, metrics } = countedMetrics();
  const filter = bloomFilter({ keys: 100, errorRate: 0.000_01 }, metrics);
  const keys = named("key", 201);

  for (const key of keys.slice(0, 200)) filter.add(key);
  expect(keys.slice(0, 200).every((key) => filter.has(key))).toBe(true);
  expect(counts["evicted"] ?? 0).toBe(0);
  filter.add(keys[200] ?? "");

  expect(keys.filter((key) => filter.has(key))).toEqual(keys.slice(100));
  expect(counts).toEqual({ evicted: 100 });
});

test("a key that is added again takes no room", () => {
  const { counts, metrics } = countedMetrics();
  const filter = bloomFilter({ keys: 2, errorRate: 0.01 }, metrics);

  for (let round = 0; round < 100; round += 1) filter.add("k");

  expect(filter.has("k")).toBe(true);
  expect(counts).toEqual({});
});

test.for([
  { keys: 0, errorRate: 0.01 },
  { keys: 1.5, errorRate: 0.01 },
  { keys: 10_000_001, errorRate: 0.01 },
  { keys: 10, errorRate: 0 },
  { keys: 10, errorRate: 0.6 },
  { keys: 10, errorRate: Number.NaN },
])("a Bloom filter of %o is refused", (settings) => {
  expect(() => bloomFilter(settings)).toThrow("received");
});
