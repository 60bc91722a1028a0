// The list's view of an order follows its events.
import { expect, test } from "vitest";
import { orderListItem } from "#contracts/http/orders";
import type { Message } from "#messaging/envelope/envelope";
import type { OrderEvent } from "#services/orders/domain/events";
import { orderListProjection } from "#services/orders/usecases/project-order-list";
import {
  confirmed,
  customerId,
  delivered,
  facts,
  now,
  orderId,
  placed,
  rejected,
} from "../../support/order-samples.ts";

const message = (event: OrderEvent, sequence: number): Message => ({
  id: `${orderId}#${sequence}`,
  source: "urn:inorder:orders",
  type: event.type,
  stream: orderId,
  sequence,
  data: event.data,
});

const given = (...events: readonly OrderEvent[]) =>
  events.reduce(
    (state, event, index) =>
      orderListProjection.evolve(state, message(event, index + 1), { now, held: false }),
    orderListProjection.initial,
  );

test("a placed order is listed with its total and whose it is", () => {
  expect(given(placed)).toEqual({
    orderId,
    customerId,
    externalReference: facts.externalReference,
    status: "placed",
    placedAt: "2018-01-02T00:00:00.000Z",
    total: { amount: 13_937, currency: "BRL" },
  });
});

test.each([
  { status: "confirmed", events: [placed, confirmed] },
  { status: "rejected", events: [placed, rejected] },
  { status: "delivered", events: delivered },
])("the listed order becomes $status", ({ status, events }) => {
  expect(given(...events)).toMatchObject({ orderId, status });
});

test("what is listed is as the contract has it", () => {
  const { customerId: owner, ...item } = given(...delivered) ?? { customerId: undefined };

  expect(owner).toBe(customerId);
  expect(orderListItem.parse(item)).toEqual(item);
});

test.each([
  { name: "an event before the order was placed", event: confirmed },
  { name: "an event of another kind", event: { type: "order.painted", data: {} } },
])("$name halts the stream", ({ event }) => {
  const evolving = () =>
    orderListProjection.evolve(null, message(event as OrderEvent, 1), { now, held: false });

  expect(evolving).toThrow(
    expect.objectContaining({ code: "malformed-message", action: "halt" }) as Error,
  );
});
