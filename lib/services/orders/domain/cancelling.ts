/**
 * How an order is cancelled at any moment before it is with the carrier: while its saga runs the
 * request is a flag that the saga meets on its way; afterwards everything is paid back first.
 */
import { Failure } from "#kernel/failure";
import type { Decider, OrderEvent } from "./events.ts";
import { cancelRefund, type Life, type Refund } from "./life.ts";
import {
  isBeingCancelled,
  isShipped,
  type OrderState,
  type PlacedOrder,
  remaining,
} from "./order-state.ts";
import { neverPlaced, notOpen } from "./refusals.ts";

/** None when it has been asked for before, or when there is nothing left to cancel. */
export function decideCancelRequest(decider: Decider, state: OrderState): readonly OrderEvent[] {
  switch (state.phase) {
    case "unplaced":
      throw neverPlaced();
    case "placed":
      return state.life.cancel === undefined ? [asked(decider)] : [];
    case "confirmed":
    case "reported":
      if (state.life.cancel !== undefined) return [];
      if (isShipped(state)) throw notOpen("it is with the carrier; ask for a return instead");
      return [asked(decider), payBack(state)];
    case "rejected":
    case "cancelled":
      return [];
    default:
      return state satisfies never;
  }
}

/**
 * After everything has been undone; a payment that was taken has to have been paid back, all of it.
 * Throws `Failure`: `conflict` (retry) while a refund is on its way, `order-not-open` (reject).
 */
export function decideCancel(state: OrderState): readonly OrderEvent[] {
  switch (state.phase) {
    case "unplaced":
      throw neverPlaced();
    case "placed":
      if (state.life.cancel === undefined) throw notOpen("nobody has asked to cancel it");
      return [{ type: "order.cancelled", data: {} }];
    case "confirmed":
    case "reported":
      return decideLateCancel(state);
    case "rejected":
      throw notOpen(`it was rejected (${state.rejection.reason})`);
    case "cancelled":
      return [];
    default:
      return state satisfies never;
  }
}

function decideLateCancel(state: PlacedOrder): readonly OrderEvent[] {
  if (isShipped(state)) throw notOpen("it is with the carrier");
  const { refunds } = state.life;
  const isBack = refunds.some(({ cause, outcome }) => cause === "cancel" && outcome === "refunded");
  if (!isBeingCancelled(state) || !isBack) throw notOpen("it is paid for, and not paid back");
  const pending = refunds.find(({ outcome }) => outcome === "pending");
  if (pending !== undefined) {
    const why = `its refund ${pending.refundId} is still on its way`;
    throw new Failure("conflict", "retry", `the order cannot be cancelled yet: ${why}`);
  }
  const left = remaining(state);
  if (left > 0) throw notOpen(`${left} of what was paid is not paid back`);
  return [{ type: "order.cancelled", data: {} }];
}

/** Whether a run of it has something to do: a cancellation's pays back and then ends the order. */
export const isRefundUnderWay = ({ cause, outcome }: Refund, state: PlacedOrder): boolean =>
  outcome === "pending" ||
  (cause === "cancel" && outcome === "refunded" && isBeingCancelled(state));

/**
 * Whether the saga pays the cancellation back itself: all that was captured, which is what it was
 * asked for before the order was confirmed. Where parts were asked back in between, only the
 * refund's own run knows the sum.
 */
export function isPaidBackBySaga(state: PlacedOrder): boolean {
  if (!isBeingCancelled(state)) return false;
  const refund = cancelRefund(state.life);
  return refund?.refundId === FIRST_ID && refund.amount === state.facts.total;
}

/** All that has been paid and not been asked back; it may be nothing any more. */
export const payBack = (state: PlacedOrder): OrderEvent => ({
  type: "order.refund-requested",
  data: {
    refundId: freshId(state.life),
    amount: remaining(state),
    cause: "cancel",
    author: state.life.cancel?.author ?? state.facts.customerId,
    reason: "the order was cancelled",
  },
});

/** One that was refused keeps its id. */
function freshId({ refunds }: Pick<Life, "refunds">): string {
  const earlier = refunds.filter(({ cause }) => cause === "cancel").length;
  return earlier === 0 ? FIRST_ID : `${FIRST_ID}-${earlier + 1}`;
}

/** The saga's definition names it too. */
const FIRST_ID = "cancel";

const asked = (data: Decider): OrderEvent => ({ type: "order.cancel-requested", data });
