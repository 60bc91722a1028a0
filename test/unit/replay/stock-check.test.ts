// Units in the orders' answers against units in the inventory's answers.
import { expect, test } from "vitest";
import type { StockView } from "#contracts/http/inventory";
import { checkStock, type StockAnswers } from "#replay/stock-check";
import { line } from "../../support/replay-samples.ts";

const stock = (
  sku: string,
  onHand: number,
  reserved: number,
  sold = 0,
): readonly [string, StockView] => [
  sku,
  { sku, onHand, reserved, available: onHand - reserved, sold },
];

const order = (status: "delivered" | "rejected" | "canceled", sku: string, quantity: number) => ({
  status,
  lines: [line({ sku, quantity })],
});

const check = (given: Partial<StockAnswers>) =>
  checkStock({ before: new Map(), after: new Map(), orders: [], ...given });

test("units of live orders are reserved, those of rejected ones are not", () => {
  const { oversoldUnits, wrongSkus } = check({
    before: new Map([stock("a", 10, 3)]),
    after: new Map([stock("a", 10, 8)]),
    orders: [order("delivered", "a", 2), order("canceled", "a", 3), order("rejected", "a", 9)],
  });

  expect(oversoldUnits).toBe(0);
  expect([...wrongSkus]).toEqual([]);
});

test("what was shipped is sold, not reserved, and still its order's", () => {
  const { oversoldUnits, wrongSkus } = check({
    before: new Map([stock("a", 10, 3, 1)]),
    after: new Map([stock("a", 8, 3, 3)]),
    orders: [order("delivered", "a", 2)],
  });

  expect([oversoldUnits, [...wrongSkus]]).toEqual([0, []]);
});

test("orders for more than there is are oversold, earlier orders included", () => {
  const { oversoldUnits } = check({
    before: new Map([stock("a", 10, 6)]),
    after: new Map([stock("a", 10, 10), stock("b", 1, 0)]),
    orders: [order("delivered", "a", 5), order("delivered", "b", 1)],
  });

  expect(oversoldUnits).toBe(1);
});

test("more promised than there is are oversold, whatever the orders say", () => {
  expect(check({ after: new Map([stock("a", 2, 5)]) }).oversoldUnits).toBe(3);
});

test.each([
  { name: "a reservation lost", reserved: 1 },
  { name: "a reservation left behind", reserved: 3 },
])("$name is a wrong SKU", ({ reserved }) => {
  const { wrongSkus } = check({
    after: new Map([stock("a", 10, reserved)]),
    orders: [order("delivered", "a", 2)],
  });

  expect(wrongSkus.get("a")).toBe(`stock of a: expected 2 promised, answered ${reserved}`);
});

test("numbers that do not add up are a wrong SKU", () => {
  const view: StockView = { sku: "a", onHand: 10, reserved: 0, available: 9, sold: 0 };

  expect(check({ after: new Map([["a", view]]) }).wrongSkus.get("a")).toContain("available");
});
