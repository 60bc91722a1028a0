/** Caught by vitest(no-disabled-tests). */
import { expect, test } from "vitest";
test.skip("a price is positive", () => {
  expect([1]).toEqual([1]);
});
