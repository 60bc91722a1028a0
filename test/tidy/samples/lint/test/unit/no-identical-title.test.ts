/** Caught by vitest(no-identical-title). */
import { expect, test } from "vitest";
test("a price is positive", () => {
  expect([1]).toEqual([1]);
});
test("a price is positive", () => {
  expect([2]).toEqual([2]);
});
