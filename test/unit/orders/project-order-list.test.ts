// The list's view of an order follows its events.
import { expect, test } from "vitest";
import { orderListItem } from "#contracts/http/orders";
import type { Message } from "#messaging/envelope/envelope";
import type { EpochMs } from "#kernel/units";
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
    watch: { kind: "open", at: now + 900_000, underWay: ["(saga)"], stuck: [] },
  });
});

const by = { author: "ada", reason: "asked for" };
const asked: OrderEvent = {
  type: "order.refund-requested",
  data: { refundId: "r-1", amount: 1, cause: "refund", ...by },
};
const paid: OrderEvent = {
  type: "order.refunded",
  data: { refundId: "r-1", paymentId: "pay-1" },
};
const stuck: OrderEvent = {
  type: "order.needs-attention",
  data: { run: 0, kind: "failed", cause: "Void" },
};
const repaired: OrderEvent = {
  type: "order.repaired",
  data: { run: 1, action: "retry", ...by },
};
const deadline = (now + 5_000_000) as EpochMs;

test.each([
  { name: "that has ended", events: [placed, confirmed], watch: undefined },
  {
    name: "under review",
    events: [placed, { type: "order.review-requested", data: { deadline } }],
    watch: { kind: "open", at: deadline + 900_000 },
  },
  { name: "that needs somebody", events: [placed, stuck], watch: { kind: "stuck", at: now } },
  { name: "that was repaired", events: [placed, stuck, repaired], watch: { kind: "open" } },
  {
    name: "with a refund",
    events: [placed, confirmed, asked],
    watch: { kind: "open", underWay: ["r-1"] },
  },
  { name: "whose refund is paid", events: [placed, confirmed, asked, paid], watch: undefined },
  {
    name: "that is cancelled",
    events: [placed, { type: "order.cancelled", data: {} }],
    watch: undefined,
  },
] satisfies readonly { name: string; events: readonly OrderEvent[]; watch: object | undefined }[])(
  "an order $name is watched as that asks for",
  ({ events, watch }) => {
    const listed = given(...events);

    expect(listed?.watch === undefined).toBe(watch === undefined);
    expect(listed).toMatchObject(watch === undefined ? {} : { watch });
  },
);

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
