/**
 * How an order must end, by the file and by the provider's rule, whatever happened on the way.
 */
import type { OrderStatus } from "#contracts/http/orders";
import type { EpochMs, MinorUnits } from "#kernel/units";
import { isDeclined, type PricedLine } from "./basket.ts";
import { type Report, stepsOf } from "./fulfilment.ts";
import type { FileOrder } from "./olist.ts";
import type { PlannedOrder } from "./plan.ts";

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
};

/** A declined order is rejected and nothing is reported about it. */
export function expectationOf({ source, lines, total, reports }: PlannedOrder): Expectation {
  const { externalReference, purchasedAt } = source;
  const facts = { externalReference, placedAt: purchasedAt, lines, total };
  if (isDeclined(total)) {
    return { ...facts, status: "rejected", declined: true, anomalies: [], reports: [] };
  }
  const { status, approvedAt, handedToCarrierAt, deliveredAt } = source;
  return {
    ...facts,
    status,
    ...(approvedAt !== undefined && { approvedAt }),
    ...(handedToCarrierAt !== undefined && { handedToCarrierAt }),
    ...(deliveredAt !== undefined && { deliveredAt }),
    declined: false,
    anomalies: anomaliesOf(source),
    reports,
  };
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
