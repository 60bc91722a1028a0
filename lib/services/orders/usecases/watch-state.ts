/**
 * Who may have to look after an order, and from when on: what the order list keeps of it, so that a
 * sparse index finds it without a scan. By the list's own clock, since an imported order's may be
 * years old.
 */
import { type EpochMs, later, seconds } from "#kernel/units";
import type { OrderEvent, ReportedStatus, Work } from "../domain/events.ts";

export type OrderWatchState = {
  /** `open`: somebody should have ended it by `at`. `stuck`: since `at` it waits for a person. */
  readonly kind: "open" | "stuck";
  readonly at: EpochMs;
  /** What should end by itself: refunds by their ids, and the two below. */
  readonly underWay: readonly string[];
  /** What needs somebody, by the same names. The order is `stuck` as long as there is any. */
  readonly stuck: readonly string[];
};

/** As heads have it that were written before works had names. */
type FormerWatchState = Pick<OrderWatchState, "kind" | "at"> & {
  readonly refunds: number;
  readonly isPlaced: boolean;
};

/** No refund has such an id. */
const SAGA = "(saga)";
const CANCELLATION = "(cancellation)";
const UNNAMED = "(unnamed)";

/** A saga or a refund takes seconds; so much later it is looked at. */
export const OVERDUE_SECONDS = 900;

export const beginWatch = (now: EpochMs): OrderWatchState => ({
  kind: "open",
  at: overdue(now),
  underWay: [SAGA],
  stuck: [],
});

/** Undefined once nothing of the order is under way, and nothing needs anybody. */
export function watched(
  watch: OrderWatchState | FormerWatchState | undefined,
  event: Exclude<OrderEvent, { readonly type: "order.placed" }>,
  now: EpochMs,
): OrderWatchState | undefined {
  const before = worksOf(watch);
  const after = worksAfter(before, event);
  if (after === before) return watch && { kind: watch.kind, at: watch.at, ...before };
  if (after.stuck.length > 0) {
    return { kind: "stuck", at: watch?.kind === "stuck" ? watch.at : now, ...after };
  }
  if (after.underWay.length === 0) return undefined;
  const from = event.type === "order.review-requested" ? event.data.deadline : now;
  return { kind: "open", at: overdue(from), ...after };
}

type Works = Pick<OrderWatchState, "underWay" | "stuck">;

/** The same object for an event that is about none of them. */
function worksAfter(
  works: Works,
  event: Exclude<OrderEvent, { readonly type: "order.placed" }>,
): Works {
  const { underWay, stuck } = works;
  switch (event.type) {
    case "order.review-requested":
    case "order.review-decided":
      return { ...works };
    case "order.confirmed":
    case "order.rejected":
      return ended(works, SAGA);
    case "order.cancelled":
      return orderEnded(cancellationEnded(ended(works, SAGA)));
    case "order.needs-attention":
      return { underWay, stuck: [...new Set([...stuck, nameOf(event)])] };
    case "order.repaired":
      return { underWay, stuck: lessOne(stuck, nameOf(event)) };
    case "order.refund-requested": {
      const { refundId, cause } = event.data;
      const whole = cause === "cancel" ? [CANCELLATION] : [];
      return { underWay: [...new Set([...underWay, refundId, ...whole])], stuck };
    }
    case "order.refunded":
      return ended(works, event.data.refundId);
    case "order.refund-refused":
      // A cancellation that goes on all the same asks for another refund, or for somebody.
      return cancellationEnded(ended(works, event.data.refundId));
    case "order.fulfilment-reported":
      return hasLeft(event.data.status) ? cancellationEnded(works) : works;
    case "order.shipment-created":
    case "order.cancel-requested":
    case "order.return-requested":
    case "order.return-received":
      return works;
    default:
      return event satisfies never;
  }
}

const overdue = (from: EpochMs): EpochMs => later(from, seconds(OVERDUE_SECONDS));

const nameOf = ({ data }: { readonly data: Work }): string => data.refundId ?? SAGA;

const ended = ({ underWay, stuck }: Works, name: string): Works => ({
  underWay: lessOne(underWay, name),
  stuck: lessOne(stuck, name),
});

const cancellationEnded = ({ underWay, stuck }: Works): Works => ({
  underWay: underWay.filter((name) => name !== CANCELLATION),
  stuck,
});

/** What is still to be paid back may need somebody all the same. */
const orderEnded = ({ underWay, stuck }: Works): Works => ({
  underWay,
  stuck: stuck.filter((name) => underWay.includes(name)),
});

const hasLeft = (status: ReportedStatus): boolean => status === "shipped" || status === "delivered";

/** One that has no name may be the one that is meant. */
function lessOne(names: readonly string[], name: string): readonly string[] {
  const known = names.includes(name) ? name : UNNAMED;
  const at = names.indexOf(known);
  return at === -1 ? names : names.toSpliced(at, 1);
}

function worksOf(watch: OrderWatchState | FormerWatchState | undefined): Works {
  if (watch === undefined) return { underWay: [], stuck: [] };
  if ("underWay" in watch) return { underWay: watch.underWay, stuck: watch.stuck };
  const refunds = Array.from({ length: watch.refunds }, () => UNNAMED);
  return {
    underWay: [...(watch.isPlaced ? [SAGA] : []), ...refunds],
    stuck: watch.kind === "stuck" ? [UNNAMED] : [],
  };
}
