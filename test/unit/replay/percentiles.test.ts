// Percentiles by nearest rank, exact.
import { expect, test } from "vitest";
import { percentilesOf } from "#replay/percentiles";

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test.each([
  { values: [], expected: { count: 0 } },
  { values: [7], expected: { count: 1, p50: 7, p99: 7 } },
  { values: [2, 1], expected: { count: 2, p50: 1, p99: 2 } },
  { values: upTo(100), expected: { count: 100, p50: 50, p99: 99 } },
  { values: upTo(101).reverse(), expected: { count: 101, p50: 51, p99: 100 } },
  { values: upTo(1000), expected: { count: 1000, p50: 500, p99: 990 } },
  { values: [10, 9, 100], expected: { count: 3, p50: 10, p99: 100 } },
  { values: [1.23456], expected: { count: 1, p50: 1.235, p99: 1.235 } },
])("$values.length values", ({ values, expected }) => {
  expect(percentilesOf(values)).toEqual(expected);
});

test("the values are left as they are", () => {
  const values = [3, 1, 2];

  percentilesOf(values);

  expect(values).toEqual([3, 1, 2]);
});
