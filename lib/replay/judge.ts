/**
 * Compares what the system answers about an order with how the order must have ended. Pure: answers
 * in, differences out.
 */
import { orderFulfilmentReported } from "#contracts/events/order-events";
import type { OrderTimeline, OrderView } from "#contracts/http/orders";
import { type EpochMs, isoInstant } from "#kernel/units";
import { differs } from "./differs.ts";
import type { Expectation } from "./expect.ts";
import type { Report } from "./fulfilment.ts";

export type OrderAnswers = {
  /** All ids that placing the order answered. */
  readonly placedIds: ReadonlySet<string>;
  readonly order: OrderView;
  readonly timeline: OrderTimeline;
};

const ANOMALY = "timestamp-anomaly";

/** One sentence for each difference; none for an order that ended as it must. */
export function judge(expected: Expectation, answers: OrderAnswers): readonly string[] {
  return [
    ...placing(answers),
    ...facts(expected, answers.order),
    ...ending(expected, answers.order),
    ...violations(expected, answers.order),
    ...timeline(expected, answers),
  ];
}

const placing = ({ placedIds }: OrderAnswers): readonly string[] =>
  differs("orders for one key", 1, placedIds.size);

const facts = (expected: Expectation, order: OrderView): readonly string[] => [
  ...differs("externalReference", expected.externalReference, order.externalReference),
  ...differs("placedAt", isoInstant(expected.placedAt), order.placedAt),
  ...differs("currency", "BRL", order.total.currency),
  ...differs("total", expected.total, order.total.amount),
  ...differs("lines", linesText(expected.lines), linesText(order.lines)),
];

function ending(expected: Expectation, order: OrderView): readonly string[] {
  const { declined, lastSequence, halted } = expected;
  return [
    ...differs("status", expected.status, order.status),
    ...differs("approvedAt", instant(expected.approvedAt), order.approvedAt),
    ...differs("handedToCarrierAt", instant(expected.handedToCarrierAt), order.handedToCarrierAt),
    ...differs("deliveredAt", instant(expected.deliveredAt), order.deliveredAt),
    ...differs("payment", declined ? "declined" : "captured", order.payment.status),
    ...differs("rejection", declined ? "payment-declined" : undefined, order.rejection?.reason),
    ...differs("fulfilment", halted ? "halted" : "running", order.fulfilment.status),
    ...differs("halted at", halted?.sequence, order.fulfilment.halt?.sequence),
    ...differs("reports applied", lastSequence, order.fulfilment.lastSequence),
    ...differs("reports parked", halted?.parked ?? 0, order.fulfilment.parked),
  ];
}

function violations(expected: Expectation, order: OrderView): readonly string[] {
  const shown = (sequence: number): string => `${ANOMALY} at ${sequence}`;
  return differs(
    "violations",
    expected.anomalies.map(shown).join(", "),
    order.fulfilment.violations.map(({ kind, sequence }) => `${kind} at ${sequence}`).join(", "),
  );
}

function timeline(expected: Expectation, answers: OrderAnswers): readonly string[] {
  const { events } = answers.timeline;
  const outcome = expected.declined
    ? ["order.rejected"]
    : ["order.shipment-created", "order.confirmed"];
  const applied = events.filter(({ type }) => type === "order.fulfilment-reported");
  return [
    ...differs("timeline's order", answers.order.orderId, answers.timeline.orderId),
    ...differs(
      "timeline's sequences",
      events.map((_, index) => index + 1).join(" "),
      events.map(({ sequence }) => sequence).join(" "),
    ),
    ...differs(
      "timeline's events",
      ["order.placed", ...outcome, ...expected.reports.map(() => "order.fulfilment-reported")].join(
        " ",
      ),
      events.map(({ type }) => type).join(" "),
    ),
    ...differs(
      "reports in the timeline",
      expected.reports.map(reportText).join("; "),
      applied.map(({ data }) => appliedText(data)).join("; "),
    ),
  ];
}

/** The same text for a report that is to be applied and for one that was. */
const reportText = (report: Report): string =>
  report.type === "final-status"
    ? `${report.sequence} ${report.type} ${report.status}`
    : `${report.sequence} ${report.type} ${isoInstant(report.occurredAt)}`;

function appliedText(data: unknown): string {
  const parsed = orderFulfilmentReported.safeParse(data);
  if (!parsed.success) return `unreadable: ${JSON.stringify(data)}`;
  const { webhookSequence, report, status, occurredAt } = parsed.data;
  const what = occurredAt === undefined ? status : isoInstant(occurredAt as EpochMs);
  return `${webhookSequence} ${report} ${what}`;
}

type LineText = {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly unitFreight: number;
};

/** Lines have no order of their own. */
const linesText = (lines: readonly LineText[]): string =>
  lines
    .map((line) => `${line.quantity} x ${line.sku} at ${line.unitPrice} + ${line.unitFreight}`)
    .sort()
    .join("; ");

const instant = (at: EpochMs | undefined): string | undefined =>
  at === undefined ? undefined : isoInstant(at);
