/** Caught by vitest(no-focused-tests). */
import { expect, test } from "vitest";
test.only("a price is positive", () => {
  expect([1]).toEqual([1]);
});
