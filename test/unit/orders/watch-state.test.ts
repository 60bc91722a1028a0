// Which orders the list shows to operators and to the watchdog, and until when.
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import type { OrderEvent, RefundCause } from "#services/orders/domain/events";
import { beginWatch, watched } from "#services/orders/usecases/watch-state";
import {
  confirmed,
  finalReport,
  now,
  placed,
  rejected,
  reportedEvent,
  stepReport,
} from "../../support/order-samples.ts";

const by = { author: "ada", reason: "asked for" };
const asked = (refundId: string, cause: RefundCause = "refund"): OrderEvent => ({
  type: "order.refund-requested",
  data: { refundId, amount: 1, cause, ...by },
});
const paid = (refundId: string): OrderEvent => ({
  type: "order.refunded",
  data: { refundId, paymentId: "pay-1" },
});
const refused = (refundId: string): OrderEvent => ({
  type: "order.refund-refused",
  data: { refundId, detail: "no" },
});
const stuck = (refundId?: string): OrderEvent => ({
  type: "order.needs-attention",
  data: { ...(refundId !== undefined && { refundId }), run: 0, kind: "failed", cause: "PayBack" },
});
const repaired = (refundId?: string): OrderEvent => ({
  type: "order.repaired",
  data: { ...(refundId !== undefined && { refundId }), run: 1, action: "retry", ...by },
});
const cancelled: OrderEvent = { type: "order.cancelled", data: {} };
const left = reportedEvent(stepReport("handed-to-carrier", 1), "shipped");

type Watch = Parameters<typeof watched>[0];

/** Each event a second after the one before. */
const given = (start: Watch, ...events: readonly OrderEvent[]): Watch =>
  events.reduce<Watch>((watch, event, index) => {
    const at = (now + 1000 * index) as EpochMs;
    return event.type === "order.placed" ? beginWatch(at) : watched(watch, event, at);
  }, start);

const twoStuck = [placed, confirmed, asked("r-1"), asked("r-2"), stuck("r-1"), stuck("r-2")];

test.each([
  { name: "a retry", events: [repaired("r-1")] },
  { name: "a payment", events: [repaired("r-1"), paid("r-1")] },
  { name: "a refusal", events: [refused("r-1")] },
  { name: "another refund", events: [asked("r-3")] },
  { name: "a report", events: [left] },
])("a second failed refund stays in sight after $name of the first", ({ events }) => {
  expect(given(undefined, ...twoStuck, ...events)).toMatchObject({
    kind: "stuck",
    at: now + 4000,
  });
});

test("once nothing needs anybody, what is under way is looked after again, then nothing", () => {
  const open = given(undefined, ...twoStuck, repaired("r-1"), repaired("r-2"), paid("r-1"));

  expect(open).toMatchObject({ kind: "open", underWay: ["r-2"], stuck: [] });
  expect(given(open, paid("r-2"))).toBeUndefined();
});

test.each([
  { name: "confirmed", end: confirmed },
  { name: "rejected", end: rejected },
])("an order that was late and is $name needs nobody", ({ end }) => {
  expect(given(undefined, placed, stuck(), end)).toBeUndefined();
});

test("an order that is cancelled over a refund is watched until that has ended", () => {
  const late = [placed, confirmed, asked("r-1"), stuck("r-1"), asked("cancel", "cancel")];
  const end = given(undefined, ...late, paid("cancel"), stuck("cancel"), cancelled);

  expect(end).toMatchObject({ kind: "stuck", underWay: ["r-1"], stuck: ["r-1"] });
  expect(given(end, repaired("r-1"), paid("r-1"))).toBeUndefined();
});

test("a cancellation that has been paid back is watched until the order is cancelled", () => {
  const back = given(undefined, placed, confirmed, asked("cancel", "cancel"), paid("cancel"));

  expect(back).toMatchObject({ kind: "open" });
  expect(given(back, stuck("cancel"), repaired("cancel"))).toMatchObject({ kind: "open" });
  expect(given(back, cancelled)).toBeUndefined();
});

test.each([
  { name: "its money is refused", end: [refused("cancel")] },
  { name: "its goods have left", end: [left, paid("cancel")] },
])("nobody waits for a cancellation when $name", ({ end }) => {
  const asking = [placed, confirmed, asked("cancel", "cancel")];

  expect(given(undefined, ...asking, ...end)).toBeUndefined();
});

test("an event that is about no work leaves the time alone", () => {
  const watch = given(undefined, placed);
  const report = reportedEvent(finalReport("invoiced", 1), "invoiced");

  expect(given(watch, { type: "order.shipment-created", data: { shipmentId: "s" } })).toEqual(
    watch,
  );
  expect(given(watch, report)).toEqual(watch);
});

const former = { at: now, refunds: 0, isPlaced: false } as const;

test.each([
  { name: "placed", stored: { ...former, kind: "open", isPlaced: true }, events: [confirmed] },
  { name: "paying back", stored: { ...former, kind: "open", refunds: 1 }, events: [paid("r-1")] },
  {
    name: "stuck",
    stored: { ...former, kind: "stuck", refunds: 1 },
    events: [repaired("r-1"), paid("r-1")],
  },
  { name: "cancelled", stored: { ...former, kind: "stuck", isPlaced: true }, events: [cancelled] },
] as const)(
  "a head of former days, of an order that is $name, is read on",
  ({ stored, events }) => {
    const begun = given(stored, { type: "order.shipment-created", data: { shipmentId: "s" } });

    expect(begun).toMatchObject({ kind: stored.kind, at: stored.at });
    expect(given(stored, ...events)).toBeUndefined();
  },
);

test("a head of former days that is stuck is open again when its refund is", () => {
  const stored = { ...former, kind: "stuck", refunds: 2 } as const;

  expect(given(stored, repaired("r-1"))).toMatchObject({ kind: "open" });
  expect(given(stored, repaired("r-1"), stuck("r-2"), paid("r-1"))).toMatchObject({
    kind: "stuck",
    stuck: ["r-2"],
  });
});
