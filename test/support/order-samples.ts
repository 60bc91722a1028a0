/**
 * One order in every phase, and the reports that may reach it: what the tests of the orders service
 * start from.
 */
import type { FulfilmentReported, OrderEvent, OrderFacts } from "#services/orders/domain/events";
import type { Report } from "#services/orders/domain/order";
import type { EpochMs } from "#kernel/units";

/** 2018-01-02T00:00:00Z */
export const placedAt = 1_514_851_200_000 as EpochMs;
/** The server's time in the tests, years after the sample order's. */
export const now = 1_700_000_000_000 as EpochMs;

export const hours = (count: number): EpochMs => (placedAt + count * 3_600_000) as EpochMs;

export const orderId = "0123456789ABCDEFGHJKMNPQRS";
export const customerId = "client-ann";

export const facts: OrderFacts = {
  orderId,
  customerId,
  externalReference: "e481f51cbdc54678b7cc49136f2d6af7",
  placedAt,
  currency: "BRL",
  lines: [
    { sku: "chair", quantity: 2, unitPrice: 4990, unitFreight: 1329 },
    { sku: "lamp", quantity: 1, unitPrice: 1299, unitFreight: 0 },
  ],
  total: 13_937,
};

export const placed: OrderEvent = { type: "order.placed", data: facts };
export const confirmed: OrderEvent = { type: "order.confirmed", data: { paymentId: "pay-1" } };
export const rejected: OrderEvent = {
  type: "order.rejected",
  data: { reason: "payment-declined", detail: "the provider declined" },
};

const delivery = (webhookSequence: number) => ({
  receivedAt: (now - 500) as EpochMs,
  appliedAt: now,
  held: false,
  webhookId: `msg-${webhookSequence}`,
  webhookSequence,
});

export const stepReport = (
  report: Exclude<Report["report"], "final-status">,
  webhookSequence: number,
): Report => ({ report, occurredAt: hours(webhookSequence), ...delivery(webhookSequence) });

export const finalReport = (
  status: FulfilmentReported["status"],
  webhookSequence: number,
): Report => ({ report: "final-status", status, ...delivery(webhookSequence) });

export const reportedEvent = (
  report: Report,
  status: FulfilmentReported["status"],
): OrderEvent => ({
  type: "order.fulfilment-reported",
  data: { ...report, status },
});

/** The events of an order that went all the way. */
export const delivered: readonly OrderEvent[] = [
  placed,
  confirmed,
  reportedEvent(stepReport("approved", 1), "approved"),
  reportedEvent(stepReport("handed-to-carrier", 2), "shipped"),
  reportedEvent(stepReport("delivered", 3), "delivered"),
];
