/**
 * What every keeper of reviews' callbacks must do. An adapter's own test file calls this.
 */
import { expect, test } from "vitest";
import type { ReviewTokens } from "#services/orders/ports";

export function reviewTokensContract(open: () => ReviewTokens): void {
  let orders = 0;
  /** Nobody else's. */
  const order = (): string => `0123456789ABCDEFGHJKMN${String((orders += 1)).padStart(4, "0")}`;
  // Step Functions' tokens differ late, and have up to 2,048 characters.
  const token = (end: string): string => `${"AAAA".repeat(500)}${end}`;

  test("an order without a review has no callback", async () => {
    expect(await open().of(order())).toEqual([]);
  });

  test("each attempt's callback is kept, for its order alone", async () => {
    const tokens = open();
    const [one, other] = [order(), order()];

    await Promise.all([
      tokens.keep(one, token("1")),
      tokens.keep(one, token("2")),
      tokens.keep(other, token("3")),
    ]);

    expect((await tokens.of(one)).toSorted()).toEqual([token("1"), token("2")]);
    expect(await tokens.of(other)).toEqual([token("3")]);
  });

  test("what is kept again is kept once", async () => {
    const tokens = open();
    const id = order();

    await tokens.keep(id, token("1"));
    await tokens.keep(id, token("1"));

    expect(await tokens.of(id)).toEqual([token("1")]);
  });

  test("a callback is dropped by itself, as often as one likes", async () => {
    const tokens = open();
    const id = order();
    await Promise.all([tokens.keep(id, token("1")), tokens.keep(id, token("2"))]);

    await tokens.drop(id, token("1"));
    await tokens.drop(id, token("1"));
    await tokens.drop(order(), token("2"));

    expect(await tokens.of(id)).toEqual([token("2")]);
  });

  test("what was dropped may be kept again", async () => {
    const tokens = open();
    const id = order();
    await tokens.keep(id, token("1"));
    await tokens.drop(id, token("1"));

    await tokens.keep(id, token("1"));

    expect(await tokens.of(id)).toEqual([token("1")]);
  });
}
