// Pauses double up to a bound, and are drawn from the whole of it.
import { expect, test } from "vitest";
import { fullJitter } from "#kernel/jitter";

const bounds = { firstMs: 100, longestMs: 1_000 };

test.for([
  [0, 100],
  [1, 200],
  [3, 800],
  [4, 1_000],
  [5_000, 1_000],
] as const)("round %i pauses for less than %i ms", ([round, below]) => {
  expect(fullJitter(bounds, round, () => 0)).toBe(0);
  expect(fullJitter(bounds, round, () => 0.5)).toBe(below / 2);
  expect(fullJitter(bounds, round, () => 1 - Number.EPSILON)).toBe(below - 1);
});
