/**
 * What the outside world reports about an order of the file, in the sender's order, and how the
 * sending goes wrong: shuffled, late against other orders, repeated.
 */
import { type Rng, shuffled } from "#kernel/rng";
import type { EpochMs } from "#kernel/units";
import type { FileOrder, FileStatus } from "./olist.ts";

export type FulfilmentStep = "approved" | "handed-to-carrier" | "delivered";

/** One report, numbered 1..n for its order by the sender. */
export type Report = { readonly sequence: number } & (
  | { readonly type: FulfilmentStep; readonly occurredAt: EpochMs }
  | { readonly type: "final-status"; readonly status: FileStatus }
);

/** One sending of a report. */
export type Sending = {
  readonly sequence: number;
  /** How many other sendings, of any order, it lets go before it; 0 is at once. */
  readonly slot: number;
  /** The same report again, under the same id. */
  readonly repeat: boolean;
};

export type SendingRates = {
  /**
   * Probability that an order's reports are shuffled, and that a report falls behind other orders'
   * reports.
   */
  readonly disorder: number;
  /** Probability that a report is sent twice. */
  readonly duplicates: number;
};

/** How far a report may fall behind: the traffic of several orders. */
const FALL_BEHIND_MAX = 20;

/** The status that an order has by its last step. */
export const IMPLIED: Readonly<Record<FulfilmentStep, FileStatus>> = {
  approved: "approved",
  "handed-to-carrier": "shipped",
  delivered: "delivered",
};

/** The steps of the file that have a time, in their natural order. */
export function stepsOf(
  order: FileOrder,
): readonly { readonly type: FulfilmentStep; readonly occurredAt: EpochMs }[] {
  const steps = [
    { type: "approved", occurredAt: order.approvedAt },
    { type: "handed-to-carrier", occurredAt: order.handedToCarrierAt },
    { type: "delivered", occurredAt: order.deliveredAt },
  ] as const;
  return steps.flatMap(({ type, occurredAt }) =>
    occurredAt === undefined ? [] : [{ type, occurredAt }],
  );
}

/**
 * One report for each step, and one for the final status whenever the last step does not imply it.
 */
export function reportsOf(order: FileOrder): readonly Report[] {
  const steps = stepsOf(order);
  const reports: Report[] = steps.map((step, index) => ({ sequence: index + 1, ...step }));
  const last = steps.at(-1);
  if (last !== undefined && IMPLIED[last.type] === order.status) return reports;
  const sequence = reports.length + 1;
  return [...reports, { sequence, type: "final-status", status: order.status }];
}

/** The sendings in the order of their slots; every report once, some twice. */
export function drawSendings(
  reports: readonly Report[],
  { disorder, duplicates }: SendingRates,
  rng: Rng,
): readonly Sending[] {
  const inOrder = reports.map(({ sequence }) => sequence);
  const order = rng.next() < disorder ? shuffled(inOrder, rng) : inOrder;
  const fallBehind = (): number => (rng.next() < disorder ? 1 + rng.int(FALL_BEHIND_MAX) : 0);
  const sendings: Sending[] = [];
  for (const [place, sequence] of order.entries()) {
    const slot = place + fallBehind();
    sendings.push({ sequence, slot, repeat: false });
    if (rng.next() < duplicates) {
      sendings.push({ sequence, slot: slot + fallBehind(), repeat: true });
    }
  }
  // A stable sort: equal slots stay as drawn, and a repetition stays behind its first sending.
  return sendings.sort((a, b) => a.slot - b.slot);
}
