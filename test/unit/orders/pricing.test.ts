// What an order costs: the catalogue's prices times the merged quantities, in integers.
import { expect, test } from "vitest";
import type { Failure } from "#kernel/failure";
import { priceLines, type UnitPrice, type WantedLine } from "#services/orders/domain/pricing";

const catalogue = new Map<string, UnitPrice>([
  ["chair", { currency: "BRL", price: 4990, freight: 1329 }],
  ["lamp", { currency: "BRL", price: 1299, freight: 0 }],
  ["clock", { currency: "EUR", price: 1000, freight: 0 }],
  ["palace", { currency: "BRL", price: Number.MAX_SAFE_INTEGER - 1, freight: 1 }],
]);

test("the total is the sum of quantity times price and freight", () => {
  const priced = priceLines(
    [
      { sku: "chair", quantity: 2 },
      { sku: "lamp", quantity: 1 },
    ],
    catalogue,
  );

  expect(priced).toEqual({
    currency: "BRL",
    lines: [
      { sku: "chair", quantity: 2, unitPrice: 4990, unitFreight: 1329 },
      { sku: "lamp", quantity: 1, unitPrice: 1299, unitFreight: 0 },
    ],
    total: 2 * (4990 + 1329) + 1299,
  });
});

test("repeated SKUs become one line", () => {
  const priced = priceLines(
    [
      { sku: "lamp", quantity: 1 },
      { sku: "chair", quantity: 1 },
      { sku: "lamp", quantity: 3 },
    ],
    catalogue,
  );

  expect(priced.lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
    ["lamp", 4],
    ["chair", 1],
  ]);
});

test("every line with an unknown SKU is named", () => {
  const failure = failureOf([
    { sku: "sofa", quantity: 1 },
    { sku: "lamp", quantity: 1 },
    { sku: "bed", quantity: 1 },
    { sku: "sofa", quantity: 1 },
  ]);

  expect(failure).toMatchObject({ code: "unknown-sku", action: "reject" });
  expect(failure.message).toContain("sofa, bed");
  expect(failure.details.map(({ pointer }) => pointer)).toEqual([
    "/lines/0/sku",
    "/lines/2/sku",
    "/lines/3/sku",
  ]);
});

test("an order has one currency", () => {
  const failure = failureOf([
    { sku: "lamp", quantity: 1 },
    { sku: "clock", quantity: 1 },
  ]);

  expect(failure).toMatchObject({
    code: "invalid-request",
    details: [{ pointer: "/lines/1/sku" }],
  });
});

test("the largest safe total is accepted, one more is not", () => {
  const most = priceLines([{ sku: "palace", quantity: 1 }], catalogue);
  const failure = failureOf([
    { sku: "palace", quantity: 1 },
    { sku: "lamp", quantity: 1 },
  ]);

  expect(most.total).toBe(Number.MAX_SAFE_INTEGER);
  expect(failure).toMatchObject({ code: "invalid-request", details: [{ pointer: "/lines" }] });
});

test("an order without lines is refused", () => {
  expect(failureOf([])).toMatchObject({ code: "invalid-request" });
});

function failureOf(lines: readonly WantedLine[]): Failure {
  try {
    priceLines(lines, catalogue);
  } catch (error) {
    return error as Failure;
  }
  throw new Error("expected a failure, got a price");
}
