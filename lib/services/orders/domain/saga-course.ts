/**
 * Where an order's saga and those who look after it meet: the review, the shipment, and the repair
 * of a run that has ended badly.
 */
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { isRefundUnderWay, payBack } from "./cancelling.ts";
import type { Decider, NeedsAttention, OrderEvent, Rejection, Work } from "./events.ts";
import { cancelRefund, evolveLife, type Life, type Review } from "./life.ts";
import { isBeingCancelled, type OrderState, type PlacedOrder, remaining } from "./order-state.ts";
import { refundOf } from "./refunding.ts";
import { cancelRequested, neverPlaced, notOpen } from "./refusals.ts";

export type CreateShipment = {
  readonly shipmentId: string;
  /** Minor units: an order that costs more is looked at by a person first. */
  readonly reviewAbove: number;
  readonly now: EpochMs;
};

export type DecideReview = Decider & {
  readonly decision: "approved" | "declined";
  readonly now: EpochMs;
};

/** What an operator knows to be so. */
export type StatedOutcome =
  | { readonly outcome: "confirmed"; readonly paymentId: string }
  /** It was paid for and cannot be sent: everything is paid back. */
  | { readonly outcome: "cancelled"; readonly paymentId: string }
  | { readonly outcome: "rejected"; readonly rejection: Rejection };

/**
 * Throws `Failure`: `cancel-requested`, `review-needed`, `review-declined`, `order-not-open`
 * (reject).
 */
export function decideShipment(
  { shipmentId, reviewAbove, now }: CreateShipment,
  state: OrderState,
): readonly OrderEvent[] {
  const { life, facts } = placedOrder(state);
  if (turnsBack(life)) throw cancelRequested();
  if (life.shipmentId !== undefined) return [];
  const isDue = facts.total > reviewAbove;
  const { review } = life;
  if (review === undefined ? isDue : isAwaited(review, now)) {
    throw new Failure("review-needed", "reject", "somebody has to look at the order first");
  }
  switch (review?.decision) {
    case undefined:
      if (review !== undefined) return [EXPIRED];
      return [{ type: "order.shipment-created", data: { shipmentId } }];
    case "approved":
      return [{ type: "order.shipment-created", data: { shipmentId } }];
    case "declined":
    case "expired":
      throw new Failure(
        "review-declined",
        "reject",
        `the order's review has been ${review?.decision}`,
      );
  }
}

/**
 * Behind the shipment the money may have been taken already, which cannot be undone but by paying
 * it back: a cancellation is then met where the order is confirmed.
 */
export const turnsBack = ({ cancel, shipmentId }: Life): boolean =>
  cancel !== undefined && shipmentId === undefined;

const isAwaited = ({ decision, deadline }: Review, now: EpochMs): boolean =>
  decision === undefined && now < deadline;

const EXPIRED: OrderEvent = {
  type: "order.review-decided",
  data: { decision: "expired", author: "order-saga", reason: "nobody decided in time" },
};

/** Throws `Failure` `review-over` (reject) where nothing is left to wait for. */
export function decideReviewRequest(deadline: EpochMs, state: OrderState): readonly OrderEvent[] {
  const { life } = placedOrder(state);
  if (life.cancel !== undefined || life.review?.decision !== undefined) {
    throw new Failure("review-over", "reject", "the review has been decided or is not needed");
  }
  return life.review === undefined ? [{ type: "order.review-requested", data: { deadline } }] : [];
}

/** The first decision stays; said again it changes nothing. Throws `Failure` (reject). */
export function decideReview(
  { decision, author, reason, now }: DecideReview,
  state: OrderState,
): readonly OrderEvent[] {
  if (state.phase === "unplaced") throw neverPlaced();
  const { review } = state.life;
  if (review === undefined) throw notOpen("nobody has asked for its review");
  if (review.decision === decision) return [];
  if (review.decision !== undefined) throw notOpen(`its review has been ${review.decision}`);
  if (state.phase !== "placed") throw notOpen("its saga has ended");
  if (now >= review.deadline) throw notOpen("the time for its review is over");
  return [{ type: "order.review-decided", data: { decision, author, reason } }];
}

/** None for a run that somebody has gone past already. */
export function decideAttention(
  { refundId, run, kind, cause }: NeedsAttention,
  state: OrderState,
): readonly OrderEvent[] {
  if (state.phase === "unplaced") throw neverPlaced();
  const work = workUnderWay(refundId, state);
  if (work === undefined || (work.isOwn && work.run !== run)) return [];
  const data = { ...named(work.refundId), run: work.run, kind, cause };
  const present = attentionOf(state.life, work.refundId);
  const isKnown = present?.run === data.run && (present.kind === kind || kind === "late");
  return isKnown ? [] : [{ type: "order.needs-attention", data }];
}

/**
 * A new run, and what a cancellation has not asked back. Throws `Failure` `not-stuck` (reject)
 * unless the last one has ended badly.
 */
export function decideRetry(
  { refundId, author, reason }: Work & Decider,
  state: OrderState,
): readonly OrderEvent[] {
  const stuck = stuckWork(refundId, state);
  const data = { ...named(refundId), run: stuck.run + 1, action: "retry", author, reason } as const;
  const repaired: OrderEvent = { type: "order.repaired", data };
  if (state.phase === "unplaced" || !isBeingCancelled(state)) return [repaired];
  return remaining(state) > 0 ? [repaired, payBack(state)] : [repaired];
}

/** The end of a saga that cannot end by itself, as somebody has found it to be. */
export function decideResolve(
  { stated, author, reason }: Decider & { readonly stated: StatedOutcome },
  state: OrderState,
): readonly OrderEvent[] {
  const hasEnded = endedAs(stated, state);
  if (hasEnded && !needsSomebody(state)) return [];
  const { run } = stuckWork(undefined, state);
  return [
    { type: "order.repaired", data: { run: run + 1, action: "resolve", author, reason } },
    ...(hasEnded ? [] : endOf(stated, author, placedOrder(state))),
  ];
}

/** Of an order that has ended: what its saga could not foresee, such as goods that left. */
const needsSomebody = (state: OrderState): boolean =>
  state.phase !== "unplaced" && attentionOf(state.life, undefined) !== undefined;

/** The money was taken: if it was to be cancelled, that goes on from here. */
export const confirmedEvents = (paymentId: string, state: PlacedOrder): readonly OrderEvent[] => [
  { type: "order.confirmed", data: { paymentId } },
  ...(state.life.cancel === undefined ? [] : [payBack(state)]),
];

function endOf(stated: StatedOutcome, author: string, state: PlacedOrder): readonly OrderEvent[] {
  const { life } = state;
  switch (stated.outcome) {
    case "confirmed":
      return confirmedEvents(stated.paymentId, state);
    case "cancelled": {
      if (life.cancel !== undefined) return confirmedEvents(stated.paymentId, state);
      const data = { author, reason: "the shop cannot send it" };
      const asked = { type: "order.cancel-requested", data } as const;
      const cancelled = { ...state, life: evolveLife(life, asked) };
      return [asked, ...confirmedEvents(stated.paymentId, cancelled)];
    }
    case "rejected":
      return life.cancel === undefined
        ? [{ type: "order.rejected", data: stated.rejection }]
        : [{ type: "order.cancelled", data: {} }];
    default:
      return stated satisfies never;
  }
}

/** A run that ends where the order is already, which an operator said or asked for again. */
function endedAs(stated: StatedOutcome, state: OrderState): boolean {
  switch (state.phase) {
    case "confirmed":
    case "reported":
      if (stated.outcome === "rejected" || state.paymentId !== stated.paymentId) return false;
      return stated.outcome === "confirmed" || state.life.cancel !== undefined;
    case "rejected":
      return stated.outcome === "rejected";
    case "cancelled":
      return stated.outcome !== "confirmed";
    case "unplaced":
    case "placed":
      return false;
    default:
      return state satisfies never;
  }
}

type UnderWay = {
  readonly refundId: string | undefined;
  readonly run: number;
  readonly isOwn: boolean;
};

/** What goes on; the refund of a late cancellation is the saga's own work as well. */
function workUnderWay(refundId: string | undefined, state: PlacedOrder): UnderWay | undefined {
  if (refundId !== undefined) {
    const refund = refundOf(refundId, state);
    const goesOn = isRefundUnderWay(refund, state);
    return goesOn ? { refundId, run: refund.run, isOwn: true } : undefined;
  }
  if (state.phase === "placed") return { refundId, run: state.life.run, isOwn: true };
  const cancelling = isBeingCancelled(state) ? cancelRefund(state.life) : undefined;
  return cancelling && { refundId: cancelling.refundId, run: cancelling.run, isOwn: false };
}

function stuckWork(refundId: string | undefined, state: OrderState): NeedsAttention {
  if (state.phase === "unplaced") throw neverPlaced();
  const found = attentionOf(state.life, refundId);
  if (found?.kind === "failed") return found;
  throw new Failure(
    "not-stuck",
    "reject",
    found === undefined
      ? "Nothing of it has ended badly: there is nothing to repair."
      : "It is late, and its run still goes on: wait until that has ended.",
  );
}

const attentionOf = ({ attention }: Life, refundId: string | undefined) =>
  attention.find((one) => one.refundId === refundId);

const named = (refundId: string | undefined): Work => (refundId === undefined ? {} : { refundId });

function placedOrder(state: OrderState): Extract<OrderState, { readonly phase: "placed" }> {
  if (state.phase === "placed") return state;
  if (state.phase === "unplaced") throw neverPlaced();
  throw notOpen(`it is ${state.phase}`);
}
