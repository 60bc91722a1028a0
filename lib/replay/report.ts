/**
 * The report of a replay, from what the shop answered: judged order by order, counted by the
 * functions' own metrics.
 */
import { orderFulfilmentReported } from "#contracts/events/order-events";
import { type ReplayReport, replayReport } from "#contracts/report";
import type { Counters } from "./counters.ts";
import { type Expectation, expectationOf } from "./expect.ts";
import { judge } from "./judge.ts";
import { type Books, moneyOf } from "./money.ts";
import { percentilesOf } from "./percentiles.ts";
import type { PlannedOrder } from "./plan.ts";
import type { ReadOrder } from "./read-back.ts";
import type { ReplayAnswers } from "./replay.ts";
import type { OrderRun } from "./run-order.ts";
import { checkStock } from "./stock-check.ts";
import type { TourAnswers } from "./tour/tour.ts";

export type ReportProps = {
  readonly plan: readonly PlannedOrder[];
  readonly answers: ReplayAnswers;
  readonly tour: TourAnswers;
  /** The shop's own verification of the money of all these orders, and of its stock. */
  readonly books: Books;
  readonly options: ReplayReport["options"];
  readonly phases: ReplayReport["phases"];
  /** Milliseconds of every answered request. */
  readonly latencies: readonly number[];
};

/** Throws `ZodError` where the report would break its own contract. */
export function buildReport(props: ReportProps): ReplayReport {
  const { plan, answers, options, phases, latencies } = props;
  const { read, counters, replaySeconds } = answers;
  const stock = checkStock({
    before: answers.stockBefore,
    after: answers.stockAfter,
    orders: read.map(({ order }) => order),
  });
  const orders = plan.map((planned, index) =>
    judged(expectationOf(planned, options.resolve), {
      run: answers.runs[index],
      answered: read[index],
      wrong: planned.lines.flatMap(({ sku }) => stock.wrongSkus.get(sku) ?? []),
    }),
  );
  const perSecond = (count: number): number => round(count / Math.max(replaySeconds, 0.001));
  return replayReport.parse({
    orders,
    totals: {
      ...totalsOf(orders, read, counters),
      resolved: options.resolve === undefined ? 0 : resolvedIn(plan, read),
      oversoldUnits: stock.oversoldUnits,
      wrongOrders: orders.filter(({ wrong }) => wrong.length > 0).length,
    },
    counters: ratesOf(counters, answers.sagaTransitions),
    money: moneyOf([...read.map(({ order }) => order), ...props.tour.orders], props.books),
    tour: props.tour.walks,
    phases,
    api: percentilesOf(latencies),
    messageToApplied: messageToApplied(read),
    throughput: {
      ordersPerSecond: perSecond(orders.length),
      messagesPerSecond: perSecond(counters.messagesSent),
    },
    options,
  });
}

type JudgedOrder = ReplayReport["orders"][number];

function judged(
  expected: Expectation,
  found: {
    readonly run: OrderRun | undefined;
    readonly answered: ReadOrder | undefined;
    readonly wrong: readonly string[];
  },
): JudgedOrder {
  const { run, answered } = found;
  if (run === undefined || answered === undefined) {
    throw new RangeError(`nothing was read back about order ${expected.externalReference}`);
  }
  const { order, timeline } = answered;
  const { approvedAt, handedToCarrierAt, deliveredAt } = order;
  return {
    externalReference: order.externalReference ?? "",
    orderId: order.orderId,
    status: order.status,
    ...(approvedAt !== undefined && { approvedAt }),
    ...(handedToCarrierAt !== undefined && { handedToCarrierAt }),
    ...(deliveredAt !== undefined && { deliveredAt }),
    declined: order.payment.status === "declined",
    violations: order.fulfilment.violations.map(({ kind }) => kind),
    wrong: [...judge(expected, { placedIds: run.placedIds, order, timeline }), ...found.wrong],
  };
}

const totalsOf = (
  orders: readonly JudgedOrder[],
  read: readonly ReadOrder[],
  counters: Counters,
) => ({
  orders: orders.length,
  requests: counters.requests,
  messagesSent: counters.messagesSent,
  messagesApplied: counters.messagesApplied,
  duplicatesDropped: counters.duplicatesDropped,
  heldAndReleased: counters.heldReleased,
  halted: read.filter(({ order }) => order.fulfilment.status === "halted").length,
  anomalies: orders.filter(({ violations }) => violations.includes("timestamp-anomaly")).length,
  declined: orders.filter(({ declined }) => declined).length,
});

const resolvedIn = (plan: readonly PlannedOrder[], read: readonly ReadOrder[]): number =>
  plan.filter(
    ({ poison }, index) =>
      poison !== undefined && read[index]?.order.fulfilment.status === "running",
  ).length;

function ratesOf(counters: Counters, sagaTransitionsHappyPath: number): ReplayReport["counters"] {
  const placings = counters.ordersPlaced + counters.ordersRepeated;
  const { consumerBatches, consumerStreams } = counters;
  return {
    placeReadsPerOrder: ratio(counters.placeReads, placings),
    placeWritesPerOrder: ratio(counters.placeWrites, placings),
    consumerWritesPerStream: ratio(counters.consumerWrites, consumerStreams),
    consumerReadsPerStream: ratio(counters.consumerReads, consumerStreams),
    consumerBatches,
    consumerStreams,
    sagaTransitionsHappyPath,
  };
}

/**
 * From accepted to applied, both by the server's clock; what waited for a predecessor is held
 * apart.
 */
function messageToApplied(read: readonly ReadOrder[]): ReplayReport["messageToApplied"] {
  const direct: number[] = [];
  const held: number[] = [];
  for (const { data, type } of read.flatMap(({ timeline }) => timeline.events)) {
    if (type !== "order.fulfilment-reported") continue;
    const parsed = orderFulfilmentReported.safeParse(data);
    if (!parsed.success) continue;
    const { receivedAt, appliedAt } = parsed.data;
    (parsed.data.held ? held : direct).push(appliedAt - receivedAt);
  }
  return { direct: percentilesOf(direct), held: percentilesOf(held) };
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : round(part / whole));

const round = (value: number): number => Math.round(value * 1000) / 1000;
