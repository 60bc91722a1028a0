// What an order costs: discounts, freight and tax in integers whose parts add up, whatever the
// order.
import { array, assert, constantFrom, integer, property, record, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import type { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { orderEventSchemas } from "#contracts/events/order-events";
import { containedHalfUp, split } from "#services/orders/domain/money";
import {
  priceOf,
  priceOrder,
  type PriceRequest,
  totalOf,
} from "#services/orders/domain/price-order";
import {
  DEFAULT_COUNTRY,
  PRICE_RULES,
  type PriceRules,
  type TaxRule,
} from "#services/orders/domain/price-rules";
import { facts, now } from "../../support/order-samples.ts";

const earlier = (now - 1) as EpochMs;
const rules: PriceRules = {
  discounts: [
    { id: "five", basisPoints: 500, unitsMin: 5, from: earlier, stacking: "with-others" },
    { id: "ten", basisPoints: 1000, unitsMin: 10, from: earlier, stacking: "with-others" },
    { id: "tenth", code: "TENTH", basisPoints: 1000, from: earlier, stacking: "with-others" },
    { id: "third", code: "THIRD", basisPoints: 3333, from: earlier, stacking: "with-others" },
    { id: "half", code: "HALF", basisPoints: 5000, from: earlier, stacking: "alone" },
    { id: "old", code: "OLD", basisPoints: 1, from: earlier, until: now, stacking: "alone" },
    { id: "next", code: "NEXT", basisPoints: 1, from: (now + 1) as EpochMs, stacking: "alone" },
    {
      id: "local",
      code: "LOCAL",
      basisPoints: 1,
      countries: ["CA"],
      from: earlier,
      stacking: "alone",
    },
  ],
  taxes: new Map<string, TaxRule>([
    ["BR", { basisPoints: 0, prices: "inclusive" }],
    ["DE", { basisPoints: 1900, prices: "inclusive" }],
    ["CA", { basisPoints: 500, prices: "exclusive" }],
  ]),
};
const prices = new Map([
  ["chair", { currency: "BRL", price: 4990, freight: 1329 }],
  ["lamp", { currency: "BRL", price: 999, freight: 0 }],
]);
const request: PriceRequest = {
  lines: [
    { sku: "chair", quantity: 1 },
    { sku: "lamp", quantity: 10 },
  ],
  country: "BR",
  discountCodes: [],
  expected: [],
  now,
};
const price = (changes: Partial<PriceRequest>) =>
  priceOrder({ ...request, ...changes }, prices, rules);
const refusal = (changes: Partial<PriceRequest>): Failure => {
  try {
    price(changes);
  } catch (error) {
    return error as Failure;
  }
  throw new Error("it was priced");
};
const sum = (amounts: readonly number[]): number => amounts.reduce((all, one) => all + one, 0);

test("each line has the best discount that applies by itself, on goods and not on freight", () => {
  const priced = price({});

  expect(priced.price).toMatchObject({
    items: 14_980,
    discount: 999,
    shipping: 1329,
    tax: 0,
    discounts: [{ rule: "ten", amount: 999 }],
  });
  expect(priced.lines.map((line) => line.discount)).toEqual([undefined, 999]);
  expect(priced.total).toBe(14_980 - 999 + 1329);
});

test("codes come after it, each on what is left, split so that the parts add up", () => {
  const { price: parts, lines } = price({ discountCodes: ["THIRD", "TENTH"] });

  expect(parts.discounts).toEqual([
    { rule: "ten", amount: 999 },
    { rule: "tenth", code: "TENTH", amount: 1398 },
    { rule: "third", code: "THIRD", amount: 4193 },
  ]);
  expect(sum(lines.map((line) => line.discount ?? 0))).toBe(parts.discount);
});

test("a code that stands alone leaves nothing beside it", () => {
  expect(price({ discountCodes: ["HALF"] }).price.discounts).toEqual([
    { rule: "half", code: "HALF", amount: 7490 },
  ]);
  expect(refusal({ discountCodes: ["TENTH", "HALF"] })).toMatchObject({
    code: "discount-refused",
    details: [{ pointer: "/discountCodes/0" }],
  });
});

test.each(["OLD", "NEXT", "LOCAL", "NONE"])(
  "the code %s, which does not hold, is refused and not ignored",
  (code) => {
    expect(refusal({ discountCodes: ["TENTH", code] })).toMatchObject({
      code: "discount-refused",
      action: "reject",
      details: [{ pointer: "/discountCodes/1" }],
    });
  },
);

test("a code given twice counts once", () => {
  expect(price({ discountCodes: ["TENTH", "TENTH"] }).price.discounts).toHaveLength(2);
  expect(refusal({ discountCodes: ["TENTH", "TENTH", "NONE"] })).toMatchObject({
    details: [{ pointer: "/discountCodes/2" }],
  });
});

test("tax is contained in the price or comes on top, a half of a unit up, line by line", () => {
  const lines = [{ sku: "lamp", quantity: 1 }];
  const inside = price({ lines, country: "DE" });
  const onTop = price({ lines, country: "CA" });

  expect(inside).toMatchObject({ total: 999, price: { tax: 160, taxIncluded: true } });
  expect(onTop).toMatchObject({ total: 1049, price: { tax: 50, taxIncluded: false } });
  // 10 * 5 % = 0.5, up.
  const cheap = new Map([["pin", { currency: "EUR", price: 10, freight: 0 }]]);
  const pin = { ...request, lines: [{ sku: "pin", quantity: 1 }], country: "CA" };
  expect(priceOrder(pin, cheap, rules).price.tax).toBe(1);
});

test("no order is delivered to a country without a rule", () => {
  expect(refusal({ country: "XX" })).toMatchObject({
    code: "invalid-request",
    details: [{ pointer: "/country" }],
  });
});

test("every price that is not what was expected is named with both amounts", () => {
  const expected = [
    { sku: "chair", pointer: "/expectedPrices/0", unitPrice: 4991, unitFreight: 1328 },
    { sku: "lamp", pointer: "/expectedPrices/1", unitPrice: 999 },
  ];

  const failure = refusal({ expected });

  expect(failure).toMatchObject({ code: "price-changed", action: "reject" });
  expect(failure.details).toMatchObject([
    { pointer: "/expectedPrices/0/unitPrice", expected: 4991, actual: 4990 },
    { pointer: "/expectedPrices/0/unitFreight", expected: 1328, actual: 1329 },
  ]);
  const inEuro = [{ sku: "lamp", pointer: "/p", unitPrice: 999, currency: "EUR" }];
  expect(refusal({ expected: inEuro }).code).toBe("price-changed");
  const other = [{ sku: "sofa", pointer: "/p", unitPrice: 1 }];
  expect(refusal({ expected: other }).details).toMatchObject([{ pointer: "/p/sku" }]);
  expect(price({ expected: expected.slice(1) }).total).toBeGreaterThan(0);
});

const anyLine = record({
  quantity: integer({ min: 1, max: 1000 }),
  unitPrice: integer({ min: 0, max: 10_000_000 }),
  freight: integer({ min: 0, max: 100_000 }),
});
const anyOrder = record({
  lines: array(anyLine, { minLength: 1, maxLength: 12 }),
  country: constantFrom("BR", "DE", "CA"),
  codes: constantFrom<readonly string[]>([], ["TENTH"], ["THIRD", "TENTH"], ["HALF"]),
});

test("whatever is ordered, the parts add up, nothing is negative and no line is overpaid", () => {
  assert(
    property(anyOrder, ({ lines, country, codes }) => {
      const catalogue = new Map(
        lines.map((line, index) => [
          `sku-${index}`,
          { currency: "BRL", price: line.unitPrice, freight: line.freight },
        ]),
      );
      const wanted = lines.map(({ quantity }, index) => ({ sku: `sku-${index}`, quantity }));
      const ask = { ...request, lines: wanted, country, discountCodes: codes };
      const priced = priceOrder(ask, catalogue, rules);
      const { price: parts } = priced;

      expect(sum(priced.lines.map((line) => line.discount ?? 0))).toBe(parts.discount);
      expect(sum(parts.discounts.map(({ amount }) => amount))).toBe(parts.discount);
      expect(sum(priced.lines.map((line) => line.tax ?? 0))).toBe(parts.tax);
      expect(priced.total).toBe(totalOf(parts));
      for (const line of priced.lines) {
        const goods = line.quantity * line.unitPrice;
        const base = goods + line.quantity * line.unitFreight - (line.discount ?? 0);
        expect(line.discount ?? 0).toBeLessThanOrEqual(goods);
        const rate = { BR: 0, DE: 0.19 / 1.19, CA: 0.05 }[country];
        expect(Math.abs((line.tax ?? 0) - base * rate)).toBeLessThanOrEqual(0.5001);
      }
    }),
  );
});

test.each([
  { name: "free goods without freight", price: 0, freight: 0, codes: [] },
  { name: "goods that a discount makes free", price: 1, freight: 0, codes: ["ALL"] },
])("$name are no order: there is nothing to pay", ({ price, freight, codes }) => {
  const all = {
    id: "all",
    code: "ALL",
    basisPoints: 10_000,
    from: earlier,
    stacking: "alone",
  } as const;
  const catalogue = new Map([["chair", { currency: "BRL", price, freight }]]);
  const ask = { ...request, lines: [{ sku: "chair", quantity: 2 }], discountCodes: codes };
  const pricing = () => priceOrder(ask, catalogue, { ...rules, discounts: [all] });

  expect(pricing).toThrow(
    expect.objectContaining({
      code: "nothing-to-pay",
      action: "reject",
      details: [expect.objectContaining({ pointer: "/lines" })],
    }) as Error,
  );
});

test("free goods beside others, or with freight, are ordered", () => {
  const catalogue = new Map([
    ["chair", { currency: "BRL", price: 0, freight: 1 }],
    ["lamp", { currency: "BRL", price: 0, freight: 0 }],
  ]);
  const lines = ["chair", "lamp"].map((sku) => ({ sku, quantity: 1 }));

  expect(priceOrder({ ...request, lines }, catalogue, rules).total).toBe(1);
});

test("an amount of any size is split exactly", () => {
  const amount = integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const weights = array(integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), {
    minLength: 1,
    maxLength: 20,
  });
  assert(
    property(amount, weights, (whole, shares) => {
      const parts = split(whole, shares);

      expect(parts.reduce((all, part) => all + BigInt(part), 0n)).toBe(BigInt(whole));
      expect(parts.every((part) => part >= 0)).toBe(true);
    }),
  );
  expect(containedHalfUp(Number.MAX_SAFE_INTEGER, 10_000)).toBe(4_503_599_627_370_496);
});

test("an order without a country and codes costs what the catalogue says, as ever", () => {
  const quantities = uniqueArray(integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 5 });
  assert(
    property(quantities, (wanted) => {
      const catalogue = new Map(
        wanted.map((quantity) => [`s${quantity}`, { currency: "BRL", price: 7, freight: 3 }]),
      );
      const lines = wanted.map((quantity) => ({ sku: `s${quantity}`, quantity }));
      const ask = { ...request, lines, country: DEFAULT_COUNTRY };

      const priced = priceOrder(ask, catalogue, PRICE_RULES);

      expect(priced.total).toBe(10 * sum(wanted));
      expect(priced.price).toMatchObject({ discount: 0, tax: 0 });
    }),
  );
});

test("what was placed before totals had parts still reads, and says the same total", () => {
  const stored: unknown = JSON.parse(
    '{"orderId":"0123456789ABCDEFGHJKMNPQRS","customerId":"client-ann","placedAt":1514851200000,' +
      '"currency":"BRL","lines":[{"sku":"chair","quantity":2,"unitPrice":4990,' +
      '"unitFreight":1329},{"sku":"lamp","quantity":1,"unitPrice":1299,"unitFreight":0}],' +
      '"total":13937}',
  );

  const read = orderEventSchemas["order.placed"].parse(stored);

  expect(read).toEqual(stored);
  expect(priceOf(facts)).toEqual({
    country: "BR",
    items: 11_279,
    discount: 0,
    shipping: 2658,
    tax: 0,
    taxIncluded: true,
    discounts: [],
  });
  expect(totalOf(priceOf(facts))).toBe(facts.total);
});
