/**
 * Small orders, catalogues and right answers for the tests of the replay.
 */
import type { OrderTimeline, OrderView } from "#contracts/http/orders";
import { type EpochMs, isoInstant, type MinorUnits, parseInstant } from "#kernel/units";
import type { PricedLine } from "#replay/basket";
import { type Expectation, expectationOf } from "#replay/expect";
import { reportsOf } from "#replay/fulfilment";
import type { OrderAnswers } from "#replay/judge";
import type { Catalogue, FileOrder } from "#replay/olist";
import type { PlannedOrder } from "#replay/plan";
import { priceView } from "#services/orders/usecases/view-order";

/** A day of January 2018, at an hour. */
export const day = (dayOfMonth: number, hour = 10): EpochMs => {
  const two = (number: number): string => String(number).padStart(2, "0");
  const text = `2018-01-${two(dayOfMonth)}T${two(hour)}:00:00Z`;
  const at = parseInstant(text);
  if (at === undefined) throw new RangeError(text);
  return at;
};

export const fileOrder = (given: Partial<FileOrder> = {}): FileOrder => ({
  externalReference: "ref-1",
  status: "delivered",
  purchasedAt: day(1),
  ...given,
});

export const deliveredOrder: FileOrder = fileOrder({
  approvedAt: day(2),
  handedToCarrierAt: day(3),
  deliveredAt: day(4),
});

export const line = (given: Partial<PricedLine> = {}): PricedLine => ({
  sku: "p1",
  quantity: 2,
  unitPrice: 5890 as MinorUnits,
  unitFreight: 1300 as MinorUnits,
  ...given,
});

export const plannedOrder = (
  source: FileOrder = deliveredOrder,
  lines: readonly PricedLine[] = [line()],
): PlannedOrder => {
  const total = lines.reduce(
    (sum, { quantity, unitPrice, unitFreight }) => sum + quantity * (unitPrice + unitFreight),
    0,
  ) as MinorUnits;
  const reports = reportsOf(source);
  const sendings = reports.map(({ sequence }) => ({ sequence, slot: sequence - 1, repeat: false }));
  return { source, lines, total, placing: "once", reports, sendings };
};

/** Prices in cents by SKU, no freight; every product is a basket of its own. */
export const catalogueOf = (prices: Readonly<Record<string, number>>): Catalogue => ({
  products: new Map(
    Object.entries(prices).map(([sku, price]) => [
      sku,
      { sku, price: price as MinorUnits, freight: 0 as MinorUnits },
    ]),
  ),
  baskets: Object.keys(prices).map((sku) => [{ sku, quantity: 1 }]),
});

const ORDER_ID = "0123456789ABCDEFGHJKMNPQRS";

/** What a right shop answers about a planned order, with what the test changes. */
export function rightAnswers(planned: PlannedOrder): OrderAnswers {
  const expected = expectationOf(planned);
  return {
    placedIds: new Set([ORDER_ID]),
    order: rightOrder(expected),
    timeline: rightTimeline(expected),
  };
}

function rightOrder(expected: Expectation): OrderView {
  const { approvedAt, handedToCarrierAt, deliveredAt, declined } = expected;
  return {
    orderId: ORDER_ID,
    externalReference: expected.externalReference,
    status: expected.status,
    placedAt: isoInstant(expected.placedAt),
    ...(approvedAt !== undefined && { approvedAt: isoInstant(approvedAt) }),
    ...(handedToCarrierAt !== undefined && { handedToCarrierAt: isoInstant(handedToCarrierAt) }),
    ...(deliveredAt !== undefined && { deliveredAt: isoInstant(deliveredAt) }),
    lines: [...expected.lines],
    total: { amount: expected.total, currency: "BRL" },
    price: priceView(expected),
    payment: declined ? { status: "declined" } : { status: "captured", paymentId: "pay-1" },
    ...(declined && { rejection: { reason: "payment-declined" } }),
    shipment: { status: "none" },
    cancelRequested: false,
    needsAttention: false,
    refunds: [],
    returns: [],
    fulfilment: {
      status: "running",
      lastSequence: expected.reports.length,
      parked: 0,
      violations: expected.anomalies.map((sequence) => ({
        kind: "timestamp-anomaly",
        severity: "warning",
        sequence,
        expected: "later",
        actual: "earlier",
        at: isoInstant(day(30)),
      })),
    },
  };
}

function rightTimeline(expected: Expectation): OrderTimeline {
  const outcome = expected.declined
    ? [{ type: "order.rejected", data: { reason: "payment-declined", detail: "" } }]
    : [
        { type: "order.shipment-created", data: { shipmentId: `${ORDER_ID}-1` } },
        { type: "order.confirmed", data: { paymentId: "pay-1" } },
      ];
  const reported = expected.reports.map((report) => ({
    type: "order.fulfilment-reported",
    data: {
      report: report.type,
      status: report.type === "final-status" ? report.status : "approved",
      ...(report.type !== "final-status" && { occurredAt: report.occurredAt }),
      receivedAt: day(30),
      appliedAt: day(30) + 5,
      held: false,
      webhookId: `msg_${ORDER_ID}_${report.sequence}`,
      webhookSequence: report.sequence,
    },
  }));
  return {
    orderId: ORDER_ID,
    events: [{ type: "order.placed", data: {} }, ...outcome, ...reported].map((event, index) => ({
      sequence: index + 1,
      recordedAt: isoInstant(day(30)),
      ...event,
    })),
  };
}
