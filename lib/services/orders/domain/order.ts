/**
 * The rules of an order: what may be decided in each phase, and how each event changes it. Pure;
 * the caller brings time and ids.
 */
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { decideCancel, decideCancelRequest } from "./cancelling.ts";
import type {
  Decider,
  NeedsAttention,
  OrderEvent,
  OrderFacts,
  OrderStatus,
  RefundRequested,
  Rejection,
  ReturnRequested,
  Work,
} from "./events.ts";
import { evolveLife, newLife, orderEnded, sagaEnded } from "./life.ts";
import type { OrderState, PlacedOrder } from "./order-state.ts";
import {
  decideRefunded,
  decideRefundRefused,
  decideRefundRequest,
  decideReturnReceived,
  decideReturnRequest,
  type ReceiveReturn,
} from "./refunding.ts";
import { damaged, neverPlaced, notOpen } from "./refusals.ts";
import { decideReport, evolveReported, type Report } from "./reporting.ts";
import {
  confirmedEvents,
  type CreateShipment,
  decideAttention,
  decideResolve,
  decideRetry,
  decideReview,
  decideReviewRequest,
  decideShipment,
  type DecideReview,
  type StatedOutcome,
} from "./saga-course.ts";

export type { OrderState, PlacedOrder } from "./order-state.ts";
export type { Report } from "./reporting.ts";

export type OrderCommand =
  | { readonly type: "place"; readonly facts: OrderFacts }
  | { readonly type: "confirm"; readonly paymentId: string }
  | { readonly type: "reject"; readonly rejection: Rejection }
  | { readonly type: "report-fulfilment"; readonly report: Report }
  | ({ readonly type: "request-cancel" } & Decider)
  | { readonly type: "cancel" }
  | ({ readonly type: "create-shipment" } & CreateShipment)
  | { readonly type: "request-review"; readonly deadline: EpochMs }
  | ({ readonly type: "decide-review" } & DecideReview)
  | ({ readonly type: "file-attention" } & NeedsAttention)
  | ({ readonly type: "retry" } & Work & Decider)
  | ({ readonly type: "resolve"; readonly stated: StatedOutcome } & Decider)
  | { readonly type: "request-refund"; readonly refund: RefundRequested }
  | { readonly type: "refunded"; readonly refundId: string; readonly paymentId: string }
  | { readonly type: "refuse-refund"; readonly refundId: string; readonly detail: string }
  | { readonly type: "request-return"; readonly wanted: ReturnRequested }
  | ({ readonly type: "receive-return" } & ReceiveReturn);

export const unplaced: OrderState = { phase: "unplaced" };

/**
 * The events that follow from a command; none when it has taken effect before, so that a retry is
 * harmless. Throws `Failure`: `conflict` or `order-not-open` (reject) for what contradicts the
 * order's phase; for reports `order-not-open` (retry) while the saga runs, and
 * `fulfilment-not-expected` (halt) for what can never be applied.
 */
export function decide(command: OrderCommand, state: OrderState): readonly OrderEvent[] {
  switch (command.type) {
    case "place":
      return decidePlace(command.facts, state);
    case "confirm":
      return decideConfirm(command.paymentId, state);
    case "reject":
      return decideReject(command.rejection, state);
    case "report-fulfilment":
      return decideReport(command.report, state);
    case "request-cancel":
      return decideCancelRequest({ author: command.author, reason: command.reason }, state);
    case "cancel":
      return decideCancel(state);
    case "create-shipment":
      return decideShipment(command, state);
    case "request-review":
      return decideReviewRequest(command.deadline, state);
    case "decide-review":
      return decideReview(command, state);
    case "file-attention":
      return decideAttention(command, state);
    case "retry":
      return decideRetry(command, state);
    case "resolve":
      return decideResolve(command, state);
    case "request-refund":
      return decideRefundRequest(command.refund, state);
    case "refunded":
      return decideRefunded(command, state);
    case "refuse-refund":
      return decideRefundRefused(command, state);
    case "request-return":
      return decideReturnRequest(command.wanted, state);
    case "receive-return":
      return decideReturnReceived(command, state);
    default:
      return command satisfies never;
  }
}

/**
 * Throws `Failure` `unexpected` (halt) for an event that no decision can have produced: the stream
 * is damaged.
 */
export function evolve(state: OrderState, event: OrderEvent): OrderState {
  if (event.type === "order.placed") {
    if (state.phase !== "unplaced") throw damaged(event, state.phase);
    return { phase: "placed", facts: event.data, life: newLife };
  }
  if (state.phase === "unplaced") throw damaged(event, state.phase);
  switch (event.type) {
    case "order.confirmed": {
      if (state.phase !== "placed") throw damaged(event, state.phase);
      const { paymentId } = event.data;
      return { phase: "confirmed", facts: state.facts, life: sagaEnded(state.life), paymentId };
    }
    case "order.rejected":
      if (state.phase !== "placed") throw damaged(event, state.phase);
      return {
        phase: "rejected",
        facts: state.facts,
        life: sagaEnded(state.life),
        rejection: event.data,
      };
    case "order.cancelled":
      return evolveCancelled(state, event);
    case "order.fulfilment-reported":
      return evolveReported(state, event);
    case "order.review-requested":
    case "order.review-decided":
    case "order.shipment-created":
    case "order.cancel-requested":
    case "order.needs-attention":
    case "order.repaired":
    case "order.refund-requested":
    case "order.refunded":
    case "order.refund-refused":
    case "order.return-requested":
    case "order.return-received":
      return { ...state, life: evolveLife(state.life, event) };
    default:
      return event satisfies never;
  }
}

/** One word for where an order is. */
export function statusOf(state: PlacedOrder): OrderStatus {
  switch (state.phase) {
    case "placed":
    case "confirmed":
    case "rejected":
    case "cancelled":
      return state.phase;
    case "reported":
      return state.status;
    default:
      return state satisfies never;
  }
}

function decidePlace(facts: OrderFacts, state: OrderState): readonly OrderEvent[] {
  if (state.phase === "unplaced") return [{ type: "order.placed", data: facts }];
  throw new Failure(
    "conflict",
    "reject",
    `order ${facts.orderId} exists already: it is ${statusOf(state)}`,
  );
}

/** With a cancellation under way the saga must not take it for its end: see `confirmOrder`. */
function decideConfirm(paymentId: string, state: OrderState): readonly OrderEvent[] {
  switch (state.phase) {
    case "placed":
      return confirmedEvents(paymentId, state);
    case "confirmed":
    case "reported":
      if (state.paymentId === paymentId) return [];
      throw notOpen(`it is paid for by ${state.paymentId}, not by ${paymentId}`);
    case "rejected":
      throw notOpen(`it was rejected (${state.rejection.reason})`);
    case "cancelled":
      throw notOpen("it was cancelled");
    case "unplaced":
      throw neverPlaced();
    default:
      return state satisfies never;
  }
}

function decideReject(rejection: Rejection, state: OrderState): readonly OrderEvent[] {
  switch (state.phase) {
    case "placed":
      return [{ type: "order.rejected", data: rejection }];
    case "rejected":
      if (state.rejection.reason === rejection.reason) return [];
      throw notOpen(`it was rejected for ${state.rejection.reason}, not for ${rejection.reason}`);
    case "confirmed":
    case "reported":
      throw notOpen(`it is confirmed and paid for by ${state.paymentId}`);
    case "cancelled":
      throw notOpen("it was cancelled");
    case "unplaced":
      throw neverPlaced();
    default:
      return state satisfies never;
  }
}

function evolveCancelled(
  state: PlacedOrder,
  event: Extract<OrderEvent, { readonly type: "order.cancelled" }>,
): OrderState {
  if (state.phase === "rejected" || state.phase === "cancelled") throw damaged(event, state.phase);
  const { facts } = state;
  const life = orderEnded(state.life);
  if (state.phase === "placed") return { phase: "cancelled", facts, life };
  return { phase: "cancelled", facts, life, paymentId: state.paymentId };
}
