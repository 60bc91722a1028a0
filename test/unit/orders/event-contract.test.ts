// The domain's events and the contract of their stored form are two texts that must say the same.
import { expect, expectTypeOf, test } from "vitest";
import type * as z from "zod/mini";
import { type OrderEventType, orderEventSchemas } from "#contracts/events/order-events";
import type { ORDER_STATUSES } from "#contracts/order-words";
import type { OrderEvent, OrderStatus } from "#services/orders/domain/events";
import { decide, evolve, type OrderCommand, unplaced } from "#services/orders/domain/order";
import { decodeEvent } from "#services/orders/usecases/order-stream";
import { facts, finalReport, now, placed, stepReport } from "../../support/order-samples.ts";

/** As JSON has it: no units, nothing to write to. */
type Plain<T> = T extends number
  ? number
  : T extends object
    ? { readonly [Key in keyof T]: Plain<T[Key]> }
    : T;

type Stored = {
  [Type in OrderEventType]: {
    readonly type: Type;
    readonly data: z.infer<(typeof orderEventSchemas)[Type]>;
  };
}[OrderEventType];

test("domain and contract agree at compile time", () => {
  expectTypeOf<Plain<OrderEvent>>().toEqualTypeOf<Plain<Stored>>();
  expectTypeOf<OrderStatus>().toEqualTypeOf<(typeof ORDER_STATUSES)[number]>();
});

/** One life of an order in which every command and every kind of report takes effect. */
const life: readonly OrderCommand[] = [
  { type: "place", facts },
  { type: "confirm", paymentId: "pay-1" },
  { type: "report-fulfilment", report: stepReport("approved", 1) },
  { type: "report-fulfilment", report: stepReport("handed-to-carrier", 2) },
  { type: "report-fulfilment", report: stepReport("delivered", 3) },
  { type: "report-fulfilment", report: finalReport("canceled", 4) },
];

const by = { author: "ada", reason: "asked for" };
const lamp = { returnId: "t-1", lines: [{ sku: "lamp", quantity: 1 }], ...by };
const refund = (refundId: string): OrderCommand => ({
  type: "request-refund",
  refund: { refundId, amount: 1, cause: "refund", ...by },
});

/** Another, in which people have to look after it. */
const lookedAfter: readonly OrderCommand[] = [
  { type: "place", facts },
  { type: "request-review", deadline: now },
  { type: "create-shipment", shipmentId: "s-1", reviewAbove: 0, now },
  { type: "file-attention", run: 0, kind: "failed", cause: "Void: Refused" },
  { type: "retry", ...by },
  { type: "request-cancel", ...by },
  { type: "cancel" },
];

/** And one of which something comes back. */
const sentBack: readonly OrderCommand[] = [
  { type: "place", facts },
  { type: "create-shipment", shipmentId: "s-1", reviewAbove: facts.total, now },
  { type: "confirm", paymentId: "pay-1" },
  { type: "report-fulfilment", report: stepReport("delivered", 1) },
  refund("r-1"),
  { type: "refunded", refundId: "r-1", paymentId: "pay-1" },
  refund("r-2"),
  { type: "refuse-refund", refundId: "r-2", detail: "no" },
  { type: "request-return", wanted: lamp },
  { type: "receive-return", returnId: "t-1", ...by },
  { type: "file-attention", refundId: "t-1", run: 0, kind: "late", cause: "still runs" },
];

const eventsOf = (commands: readonly OrderCommand[]): readonly OrderEvent[] =>
  commands.reduce<readonly OrderEvent[]>(
    (events, command) => [...events, ...decide(command, events.reduce(evolve, unplaced))],
    [],
  );

const short = [{ sku: "lamp", requested: 2, available: 1 }];

const produced: readonly OrderEvent[] = [
  ...[life, lookedAfter, sentBack].flatMap(eventsOf),
  ...decide(
    { type: "reject", rejection: { reason: "out-of-stock", detail: "lamp", short } },
    [placed].reduce(evolve, unplaced),
  ),
];

test("every type of event is produced", () => {
  expect(new Set(produced.map(({ type }) => type))).toEqual(
    new Set(Object.keys(orderEventSchemas)),
  );
});

test.each(produced)("a produced $type is as the contract has it", (event) => {
  const stored = JSON.parse(JSON.stringify(event.data)) as unknown;

  expect(orderEventSchemas[event.type].parse(stored)).toEqual(stored);
  expect(decodeEvent({ type: event.type, data: event.data })).toEqual(event);
});

test.each([
  { name: "an unknown type", type: "order.painted", data: {}, says: "order.painted" },
  { name: "a missing field", type: "order.confirmed", data: {}, says: "/paymentId" },
  {
    name: "an unknown field",
    type: "order.confirmed",
    data: { paymentId: "pay-1", colour: "red" },
    says: "colour",
  },
])("a stored event with $name is refused", ({ type, data, says }) => {
  const decoding = () => decodeEvent({ type, data });

  expect(decoding).toThrow(says);
  expect(decoding).toThrow(
    expect.objectContaining({ code: "malformed-message", action: "halt" }) as Error,
  );
});
