// What the books say beside what the orders say.
import { expect, test } from "vitest";
import type { OrderView } from "#contracts/http/orders";
import { type Books, moneyOf } from "#replay/money";

const order = (amount: number, status: OrderView["payment"]["status"], ...refunds: object[]) =>
  ({ total: { amount, currency: "BRL" }, payment: { status }, refunds }) as OrderView;

const refund = (amount: number, status: string) => ({ amount: { amount }, status });

const orders = [order(1_000, "captured"), order(250, "captured"), order(13, "declined")];

const right: Books = {
  ledger: { captured: 1_250, refunded: 0, faults: [] },
  stock: { inStockAndSold: 70, loaded: 70 },
};

test("books that agree with the orders are right", () => {
  expect(moneyOf(orders, right)).toEqual({
    payments: 1_250,
    refunds: 0,
    paidOrders: 1_250,
    ledgerBalanced: true,
    inStockAndSold: 70,
    loaded: 70,
    wrong: [],
  });
});

test("what was paid back is not paid, and what is still to be paid back is", () => {
  const back = [
    order(900, "partially-refunded", refund(100, "refunded"), refund(200, "pending")),
    order(500, "refunded", refund(500, "refunded")),
    order(70, "voided"),
  ];
  const ledger = { captured: 2_650, refunded: 600, faults: [] };

  const money = moneyOf([...orders, ...back], { ...right, ledger });

  expect(money).toMatchObject({ payments: 2_650, refunds: 600, paidOrders: 2_050, wrong: [] });
});

test.each([
  {
    name: "money that was taken twice",
    books: { ...right, ledger: { ...right.ledger, captured: 2_250 } },
    says: "2250 was paid, the paid orders are 1250",
  },
  {
    name: "money that was paid back for a paid order",
    books: { ...right, ledger: { ...right.ledger, refunded: 250 } },
    says: "1000 was paid, the paid orders are 1250",
  },
  {
    name: "a movement that no step has recorded",
    books: { ...right, ledger: { ...right.ledger, faults: ["o1: the ledger has capture"] } },
    says: "o1: the ledger has capture",
  },
  {
    name: "a unit that is nowhere",
    books: { ...right, stock: { inStockAndSold: 69, loaded: 70 } },
    says: "69 units are in stock or sold, 70 were loaded",
  },
])("$name is wrong", ({ books, says }) => {
  expect(moneyOf(orders, books).wrong).toEqual([says]);
});
