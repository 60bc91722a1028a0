/** Caught by vitest(expect-expect). */
import { test } from "vitest";
test("a price is positive", () => {
  [1].map((price) => price + 1);
});
