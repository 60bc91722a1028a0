// Replays and simulations are only worth something if the same seed gives the same run everywhere.
import { fnv1a, seededRng, shuffled } from "#kernel/rng";
import { expect, test } from "vitest";

const draw = (seed: number, count: number): number[] => {
  const rng = seededRng(seed);
  return Array.from({ length: count }, () => rng.int(1000));
};

test("the same seed draws the same numbers, another seed others", () => {
  expect(draw(7, 50)).toEqual(draw(7, 50));
  expect(draw(7, 50)).not.toEqual(draw(8, 50));
});

test("a fork does not depend on how many numbers its parent has drawn", () => {
  const fresh = seededRng(3);
  const used = seededRng(3);
  used.next();

  expect(used.fork("lines").next()).toBe(fresh.fork("lines").next());
  expect(fresh.fork("lines").next()).not.toBe(fresh.fork("order").next());
});

test("numbers are spread evenly enough over ten buckets", () => {
  const buckets = Array.from({ length: 10 }, () => 0);
  const rng = seededRng(1);
  for (let drawn = 0; drawn < 10_000; drawn += 1) {
    const bucket = rng.int(10);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }

  for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test("a shuffle keeps every item and leaves its input alone", () => {
  const items = Array.from({ length: 20 }, (_, index) => index);

  const mixed = shuffled(items, seededRng(5));

  expect([...mixed].sort((a, b) => a - b)).toEqual(items);
  expect(mixed).not.toEqual(items);
});

test("FNV-1a answers the published value for 'foobar'", () => {
  expect(fnv1a("foobar")).toBe(0xbf9cf968);
});
