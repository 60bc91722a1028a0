/**
 * What may be paid back, and what comes back for it. The sum of all that is asked for never exceeds
 * what was paid: each request is a commit of the order's own stream, so two at once are two.
 */
import { Failure } from "#kernel/failure";
import type { Decider, OrderEvent, RefundRequested, ReturnRequested } from "./events.ts";
import { payBack } from "./cancelling.ts";
import { evolveLife, type Refund, type Return } from "./life.ts";
import {
  isBeingCancelled,
  isShipped,
  type OrderState,
  type PlacedOrder,
  remaining,
} from "./order-state.ts";
import { neverPlaced, notOpen } from "./refusals.ts";
import { paidFor } from "./return-price.ts";

export type ReceiveReturn = Decider & {
  readonly returnId: string;
  /** Minor units; absent: what was paid for what came back. */
  readonly amount?: number | undefined;
};

/**
 * None when it has been asked for before. Throws `Failure`: `refund-exceeds-payment`,
 * `idempotency-key-reused`, `order-not-open` (reject).
 */
export function decideRefundRequest(
  request: RefundRequested,
  state: OrderState,
): readonly OrderEvent[] {
  const known = paidOrder(state).life.refunds.find(({ refundId }) => refundId === request.refundId);
  if (known !== undefined) {
    if (known.amount === request.amount && known.reason === request.reason) return [];
    throw keyReused(`a refund of ${known.amount} for: ${known.reason}`);
  }
  if (isBeingCancelled(paidOrder(state))) {
    throw notOpen("it is being cancelled, which pays everything back");
  }
  const left = remaining(paidOrder(state));
  if (request.amount > left) {
    throw new Failure(
      "refund-exceeds-payment",
      "reject",
      `${request.amount} is more than the ${left} that can still be paid back.`,
    );
  }
  return [{ type: "order.refund-requested", data: request }];
}

/** Throws `Failure` `order-not-open` (reject) for a refund that nobody asked for. */
export function decideRefunded(
  { refundId, paymentId }: { readonly refundId: string; readonly paymentId: string },
  state: OrderState,
): readonly OrderEvent[] {
  switch (refundOf(refundId, state).outcome) {
    case "pending":
      return [{ type: "order.refunded", data: { refundId, paymentId } }];
    case "refunded":
      return [];
    case "refused":
      throw notOpen(`its refund ${refundId} was refused`);
  }
}

/**
 * What a cancellation under way counted on is asked for once more. A part of that itself is not:
 * the provider would refuse it for ever, so somebody has to look.
 */
export function decideRefundRefused(
  { refundId, detail }: { readonly refundId: string; readonly detail: string },
  state: OrderState,
): readonly OrderEvent[] {
  const { outcome, cause, run } = refundOf(refundId, state);
  switch (outcome) {
    case "pending": {
      const refused = { type: "order.refund-refused", data: { refundId, detail } } as const;
      const paid = paidOrder(state);
      const after = { ...paid, life: evolveLife(paid.life, refused) };
      if (!isBeingCancelled(after)) return [refused];
      if (cause !== "cancel") return [refused, payBack(after)];
      const data = { refundId, run, kind: "failed", cause: detail } as const;
      return [refused, { type: "order.needs-attention", data }];
    }
    case "refused":
      return [];
    case "refunded":
      throw notOpen(`its refund ${refundId} has been paid`);
  }
}

/** Throws `Failure`: `return-not-possible`, `idempotency-key-reused` (reject). */
export function decideReturnRequest(
  request: ReturnRequested,
  state: OrderState,
): readonly OrderEvent[] {
  const order = paidOrder(state);
  const known = order.life.returns.find(({ returnId }) => returnId === request.returnId);
  if (known !== undefined) {
    if (sameLines(known, request) && known.reason === request.reason) return [];
    throw keyReused(`a return of other lines, or for another reason than: ${known.reason}`);
  }
  if (!isShipped(order)) throw notReturnable("it has not left yet; cancel it instead");
  for (const [sku, quantity] of quantities(request.lines)) {
    const left = quantityOf(order.facts.lines, sku) - returned(order, sku);
    if (quantity > left) {
      throw notReturnable(`${left} of ${sku} can still be returned, not ${quantity}`);
    }
  }
  return [{ type: "order.return-requested", data: request }];
}

/** It is paid for as soon as it is there. Throws `Failure` `not-found` (reject). */
export function decideReturnReceived(
  { returnId, author, reason, amount }: ReceiveReturn,
  state: OrderState,
): readonly OrderEvent[] {
  const order = paidOrder(state);
  const found = order.life.returns.find((one) => one.returnId === returnId);
  if (found === undefined) {
    throw new Failure("not-found", "reject", `The order has no return ${returnId}.`);
  }
  if (found.isReceived) return [];
  const received: OrderEvent = {
    type: "order.return-received",
    data: { returnId, author, reason },
  };
  const wanted = amount ?? Math.min(priceOf(order, found), remaining(order));
  if (wanted === 0) return [received];
  const refund = { refundId: returnId, amount: wanted, cause: "return", author, reason } as const;
  return [received, ...decideRefundRequest(refund, state)];
}

export function refundOf(refundId: string, state: OrderState): Refund {
  if (state.phase === "unplaced") throw neverPlaced();
  const found = state.life.refunds.find((one) => one.refundId === refundId);
  if (found !== undefined) return found;
  throw notOpen(`it has no refund ${refundId}`);
}

type PaidOrder = Extract<OrderState, { readonly phase: "confirmed" | "reported" | "cancelled" }>;

function paidOrder(state: OrderState): PaidOrder {
  switch (state.phase) {
    case "unplaced":
      throw neverPlaced();
    case "placed":
    case "rejected":
      throw notOpen(`it is ${state.phase}: nothing has been paid`);
    case "cancelled":
      if (state.paymentId === undefined) throw notOpen("it is cancelled: nothing has been paid");
      return state;
    case "confirmed":
    case "reported":
      return state;
    default:
      return state satisfies never;
  }
}

type Lines = readonly { readonly sku: string; readonly quantity: number }[];

const quantityOf = (lines: Lines, sku: string): number =>
  lines.reduce((sum, line) => (line.sku === sku ? sum + line.quantity : sum), 0);

const quantities = (lines: Lines): ReadonlyMap<string, number> =>
  new Map(lines.map(({ sku }) => [sku, quantityOf(lines, sku)]));

const returned = ({ life }: PlacedOrder, sku: string): number =>
  life.returns.reduce((sum, { lines }) => sum + quantityOf(lines, sku), 0);

const sameLines = (one: Return, other: ReturnRequested): boolean =>
  JSON.stringify(one.lines) === JSON.stringify(other.lines);

function priceOf({ facts, life }: PlacedOrder, { lines }: Return): number {
  const back = life.returns.filter(({ isReceived }) => isReceived).flatMap((one) => one.lines);
  return [...quantities(lines)].reduce(
    (sum, [sku, now]) => sum + paidFor(facts, { sku, before: quantityOf(back, sku), now }),
    0,
  );
}

const keyReused = (what: string): Failure =>
  new Failure(
    "idempotency-key-reused",
    "reject",
    `This Idempotency-Key stands for ${what}; use a new key for another one.`,
  );

const notReturnable = (why: string): Failure =>
  new Failure("return-not-possible", "reject", `The order cannot be returned like that: ${why}.`);
