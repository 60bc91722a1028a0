// What comes back is paid for as it was paid: less its discount, with the tax that came on top.
import { array, assert, constantFrom, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import type { OrderFacts } from "#services/orders/domain/events";
import type { OrderCommand } from "#services/orders/domain/order";
import { priceOrder } from "#services/orders/domain/price-order";
import { PRICE_RULES } from "#services/orders/domain/price-rules";
import { paidFor } from "#services/orders/domain/return-price";
import { after, by, stateAfter } from "../../support/order-decisions.ts";
import { confirmed, facts, reportedEvent, stepReport } from "../../support/order-samples.ts";

/** 2026-11-21T00:00:00Z */
const now = 1_795_219_200_000 as EpochMs;

type Bought = {
  readonly quantity: number;
  readonly price?: number;
  readonly freight?: number;
  readonly country?: string;
  readonly codes?: readonly string[];
};

function bought({ quantity, price = 10_000, freight = 0, country = "BR", codes = [] }: Bought) {
  const lines = [{ sku: "chair", quantity }];
  const prices = new Map([["chair", { currency: "BRL", price, freight }]]);
  const request = { lines, country, discountCodes: codes, expected: [], now };
  return { ...facts, ...priceOrder(request, prices, PRICE_RULES) } satisfies OrderFacts;
}

/** The refunds of returns of so many units each, one after the other. */
function refundsOf(order: OrderFacts, ...units: readonly number[]): readonly number[] {
  const left = reportedEvent(stepReport("delivered", 1), "delivered");
  const commands = units.flatMap((quantity, at): OrderCommand[] => [
    {
      type: "request-return",
      wanted: { returnId: `t-${at}`, lines: [{ sku: "chair", quantity }], ...by },
    },
    { type: "receive-return", returnId: `t-${at}`, ...by },
  ]);
  const end = after([{ type: "order.placed", data: order }, confirmed, left], ...commands);
  return stateAfter(end).life.refunds.map(({ amount }) => amount);
}

test.each([
  {
    name: "at catalogue prices",
    order: bought({ quantity: 2 }),
    units: [1, 1],
    paid: [10_000, 10_000],
  },
  {
    name: "with a discount",
    order: bought({ quantity: 2, codes: ["CLEARANCE30"] }),
    units: [1, 1],
    paid: [7000, 7000],
  },
  {
    name: "with tax on top",
    order: bought({ quantity: 2, country: "CA" }),
    units: [1, 1],
    paid: [10_500, 10_500],
  },
  {
    name: "with both",
    order: bought({ quantity: 2, country: "CA", codes: ["CLEARANCE30"] }),
    units: [2],
    paid: [14_700],
  },
  {
    name: "with tax contained",
    order: bought({ quantity: 2, country: "DE" }),
    units: [1],
    paid: [10_000],
  },
  {
    name: "in three parts of an amount that has none",
    order: bought({ quantity: 3, price: 111, codes: ["CLEARANCE30"] }),
    units: [1, 1, 1],
    paid: [78, 78, 78],
  },
  {
    name: "whose last unit takes the rest",
    order: bought({ quantity: 3, price: 33, codes: ["CLEARANCE30"] }),
    units: [1, 1, 1],
    paid: [23, 23, 24],
  },
  {
    name: "whose freight is used, with its tax",
    order: bought({ quantity: 2, freight: 1000, country: "CA" }),
    units: [1, 1],
    paid: [10_500, 10_500],
  },
  {
    name: "placed before prices were kept in parts",
    order: { ...facts, lines: [{ sku: "chair", quantity: 2, unitPrice: 70, unitFreight: 9 }] },
    units: [1, 1],
    paid: [70, 70],
  },
])("an order $name is paid back by what was paid", ({ order, units, paid }) => {
  expect(refundsOf(order, ...units)).toEqual(paid);
});

test("a line that cost nothing pays nothing back", () => {
  expect(
    paidFor(bought({ quantity: 2, price: 0, freight: 1 }), { sku: "chair", before: 0, now: 2 }),
  ).toBe(0);
  expect(paidFor(bought({ quantity: 2 }), { sku: "lamp", before: 0, now: 2 })).toBe(0);
});

test("in whatever parts a line comes back, all of it and never more is paid back", () => {
  const lines = record({
    quantity: integer({ min: 1, max: 60 }),
    price: integer({ min: 1, max: 1_000_000_007 }),
    freight: integer({ min: 0, max: 5000 }),
    country: constantFrom("BR", "CA", "DE"),
    codes: constantFrom<readonly string[]>([], ["WELCOME10"], ["CLEARANCE30"]),
  });
  assert(
    property(lines, array(integer({ min: 1, max: 9 })), (line, parts) => {
      const order = bought(line);
      const whole = paidFor(order, { sku: "chair", before: 0, now: line.quantity });
      let [before, sum] = [0, 0];
      for (const part of [...parts, line.quantity]) {
        const units = Math.min(part, line.quantity - before);
        sum += paidFor(order, { sku: "chair", before, now: units });
        before += units;
      }
      expect(sum).toBe(whole);
      const freight = line.quantity * line.freight;
      expect(whole).toBeLessThanOrEqual(order.total - freight);
      expect(order.total - freight - whole).toBeLessThanOrEqual(order.price.tax);
    }),
    { numRuns: 200 },
  );
});
