// What an order's events do to the counts of what is bought together.
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import type { Message } from "#messaging";
import { BASKET_SKUS_MAX, basketCounting } from "#services/products/count-baskets";

const handler = basketCounting({ read: async () => [] });
const orderId = "01JD0000000000000000000000";

const message = (type: string, data: Message["data"] = {}): Message => ({
  id: `${orderId}#1`,
  source: "urn:inorder:orders",
  type,
  stream: orderId,
  sequence: 1,
  data,
});

const handle = (basket: readonly string[], given: Message) =>
  handler.handle(basket, given, { now: 0 as EpochMs, held: false });

const placed = (...skus: readonly string[]): Message =>
  message("order.placed", {
    orderId,
    customerId: "ada",
    placedAt: 0,
    currency: "BRL",
    lines: skus.map((sku) => ({ sku, quantity: 2, unitPrice: 1, unitFreight: 0 })),
    total: 1,
  });

test("a placed order is remembered, each product once", () => {
  const skus = ["lamp", "bulb"];

  expect(handle([], placed("lamp", "bulb", "lamp"))).toEqual({
    loaded: skus,
    writes: [{ kind: "remember", orderId, skus }],
  });
});

test("a product that was bought alone was bought with nothing", () => {
  expect(handle([], placed("lamp", "lamp"))).toEqual({ loaded: [], writes: [] });
});

test("a confirmed order counts each two once in both directions, and is forgotten", () => {
  const { writes } = handle(["a", "b", "c"], message("order.confirmed"));

  const pairs = writes.flatMap((write) =>
    write.kind === "count" ? [`${write.sku} ${write.other}`] : [],
  );
  expect(pairs).toEqual(["a b", "a c", "b a", "b c", "c a", "c b"]);
  expect(writes.at(-1)).toEqual({ kind: "forget", orderId });
});

test.each(["order.rejected", "order.cancelled"])("%s before its end counts nothing", (type) => {
  expect(handle(["a", "b"], message(type))).toEqual({
    loaded: [],
    writes: [{ kind: "forget", orderId }],
  });
});

test("what comes after the end counts nothing again", () => {
  expect(handle([], message("order.fulfilment-reported"))).toEqual({ loaded: [], writes: [] });
  expect(handle([], message("order.cancelled"))).toEqual({ loaded: [], writes: [] });
});

test("what does not end the order changes nothing", () => {
  const basket = ["a", "b"];

  expect(handle(basket, message("order.review-requested"))).toEqual({ loaded: basket, writes: [] });
});

test("of a very large order the first products count", () => {
  const many = Array.from({ length: 40 }, (_, at) => `sku-${at}`);

  expect(handle([], placed(...many)).loaded).toEqual(many.slice(0, BASKET_SKUS_MAX));
});

test("what cannot be read as a placed order halts its stream", () => {
  expect(() => handle([], message("order.placed", { lines: [] }))).toThrow(
    expect.objectContaining({ code: "malformed-message", action: "halt" }),
  );
});
