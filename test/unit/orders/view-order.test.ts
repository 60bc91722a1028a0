// One order and its timeline, as its customer sees them.
import { expect, test } from "vitest";
import { orderTimeline as timelineSchema, orderView } from "#contracts/http/orders";
import type { EpochMs } from "#kernel/units";
import type { Commit, Head } from "#messaging";
import type { OrderEvent, RejectionReason } from "#services/orders/domain/events";
import type { OrderRecords } from "#services/orders/ports";
import { commitOf, loadOrder } from "#services/orders/usecases/order-stream";
import { orderTimeline } from "#services/orders/usecases/order-timeline";
import { viewOrder } from "#services/orders/usecases/view-order";
import {
  confirmed,
  customerId,
  delivered,
  finalReport,
  hours,
  now,
  orderId,
  placed,
  reportedEvent,
} from "../../support/order-samples.ts";

function given(events: readonly OrderEvent[], fulfilment?: Head): { records: OrderRecords } {
  const commits: Commit[] = [];
  for (const event of events) {
    commits.push(commitOf(loadOrder(orderId, commits), [event], { now }));
  }
  return {
    records: {
      read: async (id) => (id === orderId ? { commits, fulfilment } : { commits: [], fulfilment }),
    },
  };
}

const customer = (id: string) => ({ kind: "customer", id }) as const;
const mine = { orderId, asker: customer(customerId) };
const staff = { orderId, asker: { kind: "staff" } } as const;

const halted: Head = {
  stream: orderId,
  version: 4,
  last: 2,
  status: "halted",
  recent: [],
  parked: [
    {
      sequence: 3,
      hash: "0123456789abcdef",
      message: {
        id: "msg-3",
        source: "urn:inorder:webhooks:fulfilment",
        type: "fulfilment.reported",
        stream: orderId,
        sequence: 3,
        data: {},
      },
      parkedAt: now,
      reason: "halted",
    },
  ],
  attempts: 1,
  halt: {
    sequence: 3,
    messageId: "msg-3",
    code: "fulfilment-not-expected",
    message: "report 1 has said so before",
    at: now,
  },
  skipped: [],
  controls: [],
  violations: [
    {
      kind: "timestamp-anomaly",
      severity: "warning",
      sequence: 2,
      messageId: "msg-2",
      expected: "not before 2018-01-02",
      actual: "2018-01-01",
      at: now,
    },
  ],
  audit: "",
};

test("an order shows its steps, its payment and its place in the reports", async () => {
  const view = await viewOrder(given(delivered, halted), mine);

  expect(orderView.parse(view)).toEqual(view);
  expect(view).toMatchObject({
    orderId,
    externalReference: "e481f51cbdc54678b7cc49136f2d6af7",
    status: "delivered",
    placedAt: "2018-01-02T00:00:00.000Z",
    approvedAt: new Date(hours(1)).toISOString(),
    handedToCarrierAt: new Date(hours(2)).toISOString(),
    deliveredAt: new Date(hours(3)).toISOString(),
    total: { amount: 13_937, currency: "BRL" },
    payment: { status: "captured", paymentId: "pay-1" },
    fulfilment: {
      status: "halted",
      lastSequence: 2,
      parked: 1,
      halt: {
        sequence: 3,
        code: "fulfilment-not-expected",
        cause: "report 1 has said so before",
        at: "2023-11-14T22:13:20.000Z",
      },
      violations: [{ kind: "timestamp-anomaly", sequence: 2, at: "2023-11-14T22:13:20.000Z" }],
    },
  });
});

test("a final status changes the status and leaves the steps", async () => {
  const canceled = reportedEvent(finalReport("canceled", 4), "canceled");

  const view = await viewOrder(given([...delivered, canceled]), mine);

  expect(view).toMatchObject({
    status: "canceled",
    deliveredAt: new Date(hours(3)).toISOString(),
  });
});

test("an order nobody has reported on has an empty fulfilment", async () => {
  const view = await viewOrder(given([placed]), mine);

  expect(orderView.parse(view)).toEqual(view);
  expect(view).toMatchObject({
    status: "placed",
    payment: { status: "pending" },
    fulfilment: { status: "running", lastSequence: 0, parked: 0, violations: [] },
  });
  expect(view).not.toHaveProperty("approvedAt");
});

test("a confirmed order is paid for", async () => {
  const view = await viewOrder(given([placed, confirmed]), mine);

  expect(view).toMatchObject({
    status: "confirmed",
    payment: { status: "captured", paymentId: "pay-1" },
  });
});

test.each<{ reason: RejectionReason; payment: string }>([
  { reason: "payment-declined", payment: "declined" },
  { reason: "payment-failed", payment: "failed" },
  { reason: "out-of-stock", payment: "failed" },
])("an order rejected for $reason has a payment that is $payment", async (row) => {
  const { reason, payment } = row;
  const rejected: OrderEvent = { type: "order.rejected", data: { reason, detail: "why" } };

  const view = await viewOrder(given([placed, rejected]), mine);

  expect(orderView.parse(view)).toEqual(view);
  expect(view).toMatchObject({
    status: "rejected",
    payment: { status: payment },
    rejection: { reason, detail: "why" },
  });
});

test("an order that stock was short for says of which SKUs, and by how much", async () => {
  const short = [
    { sku: "lamp", requested: 2, available: 1 },
    { sku: "chair", requested: 1 },
  ];
  const data = { reason: "out-of-stock", detail: "why", short } as const;
  const orders = given([placed, { type: "order.rejected", data }]);

  const view = await viewOrder(orders, mine);

  expect(orderView.parse(view)).toEqual(view);
  expect(view.rejection).toEqual(data);
  expect((await orderTimeline(orders, mine)).events.at(-1)?.data).toEqual(data);
});

test("the timeline has every event with its sequence and the time it was recorded", async () => {
  const timeline = await orderTimeline(given(delivered), mine);

  expect(timelineSchema.parse(timeline)).toEqual(timeline);
  expect(timeline.events.map(({ sequence, type }) => [sequence, type])).toEqual([
    [1, "order.placed"],
    [2, "order.confirmed"],
    [3, "order.fulfilment-reported"],
    [4, "order.fulfilment-reported"],
    [5, "order.fulfilment-reported"],
  ]);
  expect(timeline.events[4]).toMatchObject({
    recordedAt: "2023-11-14T22:13:20.000Z",
    data: { report: "delivered", webhookSequence: 3, appliedAt: now satisfies EpochMs },
  });
});

test.each([
  { name: "another customer's", query: { orderId, asker: customer("client-bob") } },
  { name: "an unknown", query: { ...mine, orderId: "nonsense" } },
  { name: "a member of staff's unknown", query: { ...staff, orderId: "nonsense" } },
])("$name order is not found", async ({ query }) => {
  const found = { code: "not-found", action: "reject" };

  await expect(viewOrder(given(delivered), query)).rejects.toMatchObject(found);
  await expect(orderTimeline(given(delivered), query)).rejects.toMatchObject(found);
});

test("staff see any order, and in its timeline who decided what, and why", async () => {
  const review: OrderEvent = {
    type: "order.review-decided",
    data: { decision: "approved", author: "ops-ann", reason: "knows him" },
  };
  const asked: OrderEvent = { type: "order.review-requested", data: { deadline: hours(1) } };
  const order = given([placed, asked, review]);

  const [view, told, known] = [
    await viewOrder(order, staff),
    await orderTimeline(order, mine),
    await orderTimeline(order, staff),
  ];

  expect(view).toEqual(await viewOrder(order, mine));
  expect(told.events[2]?.data).toEqual({ decision: "approved" });
  expect(known.events[2]?.data).toEqual(review.data);
  expect(timelineSchema.parse(known)).toEqual(known);
});
