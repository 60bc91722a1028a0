/**
 * Who may have to look after an order, and from when on: what the order list keeps of it, so that a
 * sparse index finds it without a scan. By the list's own clock, since an imported order's may be
 * years old.
 */
import { type EpochMs, later, seconds } from "#kernel/units";
import type { OrderEvent } from "../domain/events.ts";

export type OrderWatchState = {
  /** `open`: somebody should have ended it by `at`. `stuck`: since `at` it waits for a person. */
  readonly kind: "open" | "stuck";
  readonly at: EpochMs;
  /** Refunds that are on their way. */
  readonly refunds: number;
  readonly isPlaced: boolean;
};

/** A saga or a refund takes seconds; so much later it is looked at. */
export const OVERDUE_SECONDS = 900;

export const beginWatch = (now: EpochMs): OrderWatchState => open(now, 0, true);

/** Undefined once nothing of the order is under way. */
export function watched(
  watch: OrderWatchState | undefined,
  event: Exclude<OrderEvent, { readonly type: "order.placed" }>,
  now: EpochMs,
): OrderWatchState | undefined {
  const { refunds, isPlaced } = watch ?? { refunds: 0, isPlaced: false };
  switch (event.type) {
    case "order.review-requested":
      return open(event.data.deadline, refunds, isPlaced);
    case "order.review-decided":
    case "order.repaired":
      return open(now, refunds, isPlaced);
    case "order.confirmed":
    case "order.rejected":
      return openWhile(now, refunds, false);
    case "order.cancelled":
      return undefined;
    case "order.needs-attention":
      return { kind: "stuck", at: now, refunds, isPlaced };
    case "order.refund-requested":
      return open(now, refunds + 1, isPlaced);
    case "order.refunded":
    case "order.refund-refused":
      return openWhile(now, Math.max(0, refunds - 1), isPlaced);
    case "order.shipment-created":
    case "order.cancel-requested":
    case "order.return-requested":
    case "order.return-received":
    case "order.fulfilment-reported":
      return watch;
    default:
      return event satisfies never;
  }
}

const open = (from: EpochMs, refunds: number, isPlaced: boolean): OrderWatchState => ({
  kind: "open",
  at: later(from, seconds(OVERDUE_SECONDS)),
  refunds,
  isPlaced,
});

const openWhile = (
  from: EpochMs,
  refunds: number,
  isPlaced: boolean,
): OrderWatchState | undefined =>
  refunds === 0 && !isPlaced ? undefined : open(from, refunds, isPlaced);
