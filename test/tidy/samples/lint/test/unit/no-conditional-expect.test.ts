/** Caught by vitest(no-conditional-expect). */
import { expect, test } from "vitest";
test("a price is positive", () => {
  const prices = [1].filter((price) => price > 0);
  if (prices.length > 0) {
    expect(prices).toEqual([1]);
  }
});
