/**
 * How an order must end, by the file and by the provider's rule, whatever happened on the way.
 */
import type { OrderStatus } from "#contracts/http/orders";
import type { EpochMs, MinorUnits } from "#kernel/units";
import { isDeclined, type PricedLine } from "./basket.ts";
import { type FulfilmentStep, IMPLIED, type Report, stepsOf } from "./fulfilment.ts";
import type { FileOrder } from "./olist.ts";
import type { PlannedOrder } from "./plan.ts";
import { type Poison, replacementOf, type Resolution } from "./poison.ts";

export type Expectation = {
  readonly externalReference: string;
  readonly placedAt: EpochMs;
  readonly status: OrderStatus;
  readonly approvedAt?: EpochMs;
  readonly handedToCarrierAt?: EpochMs;
  readonly deliveredAt?: EpochMs;
  readonly declined: boolean;
  readonly lines: readonly PricedLine[];
  readonly total: MinorUnits;
  /** The sender's numbers of the steps that are stamped before an earlier step. */
  readonly anomalies: readonly number[];
  /** What is applied to the order, in this order. */
  readonly reports: readonly Report[];
  /** The sender's number up to which its reports are done with. */
  readonly lastSequence: number;
  /** Where the stream is halted, and what waits there, the report that halted it included. */
  readonly halted?: { readonly sequence: number; readonly parked: number };
};

/**
 * A declined order is rejected and nothing is reported about it. A poisoned one stands halted until
 * an operator has decided.
 */
export function expectationOf(planned: PlannedOrder, resolution?: Resolution): Expectation {
  const { source, lines, total } = planned;
  const { externalReference, purchasedAt } = source;
  const facts = { externalReference, placedAt: purchasedAt, lines, total };
  if (isDeclined(total)) {
    const nothing = { anomalies: [], reports: [], lastSequence: 0 };
    return { ...facts, status: "rejected", declined: true, ...nothing };
  }
  const { poison } = planned;
  if (poison !== undefined && resolution === undefined) {
    return { ...facts, declined: false, ...untilPoison(planned, poison) };
  }
  const { status, approvedAt, handedToCarrierAt, deliveredAt } = source;
  return {
    ...facts,
    status,
    ...(approvedAt !== undefined && { approvedAt }),
    ...(handedToCarrierAt !== undefined && { handedToCarrierAt }),
    ...(deliveredAt !== undefined && { deliveredAt }),
    declined: false,
    anomalies: numbered(anomaliesOf(source), poison),
    reports: resolved(planned.reports, poison, resolution),
    lastSequence: planned.reports.length,
  };
}

/** The history ends before the report that can never be applied. */
function untilPoison({ source, reports }: PlannedOrder, { sequence, type }: Poison) {
  const applied = reports.slice(0, sequence - 1);
  const timeOf = (step: FulfilmentStep): EpochMs | undefined =>
    applied.flatMap((report) => (report.type === step ? [report.occurredAt] : []))[0];
  const [approvedAt, handedToCarrierAt, deliveredAt] = [
    timeOf("approved"),
    timeOf("handed-to-carrier"),
    timeOf("delivered"),
  ];
  return {
    status: IMPLIED[type],
    ...(approvedAt !== undefined && { approvedAt }),
    ...(handedToCarrierAt !== undefined && { handedToCarrierAt }),
    ...(deliveredAt !== undefined && { deliveredAt }),
    anomalies: anomaliesOf(source).filter((at) => at < sequence),
    reports: applied,
    lastSequence: sequence - 1,
    halted: { sequence, parked: reports.length - sequence + 1 },
  };
}

/** A poison report moves the numbers behind it. */
const numbered = (sequences: readonly number[], poison: Poison | undefined): readonly number[] =>
  sequences.map((at) => (poison === undefined || at < poison.sequence ? at : at + 1));

function resolved(
  reports: readonly Report[],
  poison: Poison | undefined,
  resolution: Resolution | undefined,
): readonly Report[] {
  if (poison === undefined) return reports;
  const instead = resolution === "replace" ? [replacementOf(poison)] : [];
  return reports.flatMap((report) => (report.sequence === poison.sequence ? instead : [report]));
}

/**
 * Steps stamped strictly earlier than any earlier step, the purchase included; a final status has
 * no time.
 */
export function anomaliesOf(order: FileOrder): readonly number[] {
  const anomalies: number[] = [];
  let latest: number = order.purchasedAt;
  for (const [index, { occurredAt }] of stepsOf(order).entries()) {
    if (occurredAt < latest) anomalies.push(index + 1);
    latest = Math.max(latest, occurredAt);
  }
  return anomalies;
}
