/**
 * What an order's events make of the truth about it, and what must hold of it: at every moment, and
 * when everything has ended.
 */
import { ORDER_REVIEW } from "#contracts/saga";
import type { JsonObject } from "#kernel/json";
import type { OrderTruth } from "./order-truth.ts";

type Said = {
  readonly paymentId?: string;
  readonly reason?: string;
  readonly decision?: string;
  readonly refundId?: string;
  readonly amount?: number;
  readonly kind?: string;
};

const ENDS: Readonly<Record<string, OrderTruth["status"]>> = {
  "order.confirmed": "confirmed",
  "order.rejected": "rejected",
  "order.cancelled": "cancelled",
};

/** The branch that an event is. */
export function nameOf(type: string, data: JsonObject): string {
  const { reason, decision, kind } = data as Said;
  const what = type.slice("order.".length);
  if (what === "rejected") return `${what}-${reason}`;
  if (what === "review-decided") return `review-${decision}`;
  return what === "needs-attention" ? `filed-${kind}` : what;
}

/** Answers what is wrong about it. */
export function heard(order: OrderTruth, type: string, data: JsonObject): string | undefined {
  const said = data as Said;
  const { refundId = "" } = said;
  switch (type) {
    case "order.confirmed":
    case "order.rejected":
    case "order.cancelled":
      return ended(order, type, said);
    case "order.shipment-created":
      order.hasShipment = true;
      return undefined;
    case "order.cancel-requested":
      order.isCancelAsked = true;
      return undefined;
    case "order.review-requested":
      order.isUnderReview = true;
      return undefined;
    case "order.review-decided":
      order.isUnderReview = false;
      if (order.review !== undefined) return `${order.orderId} was reviewed twice`;
      order.review = said.decision ?? "";
      return undefined;
    case "order.needs-attention":
      order.attention.set(refundId, { refundId: said.refundId, isLate: said.kind === "late" });
      return undefined;
    case "order.repaired":
      order.attention.delete(refundId);
      return undefined;
    case "order.refund-requested":
      order.refunds.set(refundId, { amount: said.amount ?? 0, outcome: "pending" });
      return undefined;
    case "order.refunded":
      return paidBack(order, refundId);
    case "order.refund-refused":
      return refused(order, refundId);
    default:
      return undefined;
  }
}

function ended(order: OrderTruth, type: string, said: Said): string | undefined {
  const { status } = order;
  order.status = ENDS[type] ?? status;
  order.attention.delete("");
  if (type === "order.cancelled") order.attention.clear();
  if (said.paymentId !== undefined) order.paymentId = said.paymentId;
  if (said.reason !== undefined) order.reason = said.reason;
  const isLateCancel = status === "confirmed" && type === "order.cancelled";
  if (status === "placed" || isLateCancel) return undefined;
  return `${order.orderId} is ${status}, then ${type}`;
}

function paidBack(order: OrderTruth, refundId: string): string | undefined {
  const refund = order.refunds.get(refundId);
  order.attention.delete(refundId);
  if (refund?.outcome !== "pending") return `${order.orderId}: ${refundId} is refunded twice`;
  refund.outcome = "refunded";
  const said = sumOf(order, "refunded");
  const paid = refundedOf(order);
  return paid < said ? `${order.orderId}: ${said} are said to be back; ${paid} are` : undefined;
}

function refused(order: OrderTruth, refundId: string): string | undefined {
  const refund = order.refunds.get(refundId);
  order.attention.delete(refundId);
  if (refund?.outcome !== "pending") return `${order.orderId}: ${refundId} ends twice`;
  refund.outcome = "refused";
  if (!order.refusals.has(refundId)) {
    return `${order.orderId}: refund ${refundId} was refused, and nobody knows why`;
  }
  if (isCancels(refundId) && cancelRefunds(order).length === 0) order.isCancelAsked = false;
  return undefined;
}

const isCancels = (refundId: string): boolean => refundId.startsWith("cancel");

/** What its cancellation pays back or has paid back. */
const cancelRefunds = ({ refunds }: OrderTruth) =>
  [...refunds].flatMap(([refundId, refund]) =>
    isCancels(refundId) && refund.outcome !== "refused" ? [refund] : [],
  );

/** What holds at every moment. */
export function contradiction(order: OrderTruth): string | undefined {
  const { orderId, amount, payments, wasReleased, currency } = order;
  if (payments.length > 1) return `${orderId} was charged ${payments.length} times`;
  const [wrong] = payments.filter((one) => one.amount !== amount || one.currency !== currency);
  if (wrong !== undefined) return `${orderId} costs ${amount}; charged ${wrong.amount}`;
  const asked = sumOf(order, "pending") + sumOf(order, "refunded");
  if (asked > amount) return `${orderId}: ${asked} of ${amount} are to be paid back`;
  if (refundedOf(order) > asked) return `${orderId}: more was paid back than asked for`;
  if (isKept(order) && wasReleased)
    return `${orderId}: the money is taken and the stock given back`;
  return endContradiction(order);
}

function endContradiction(order: OrderTruth): string | undefined {
  const { orderId, status, payments, isHeld, reason } = order;
  switch (status) {
    case "placed":
      return undefined;
    case "confirmed":
      return wronglyConfirmed(order);
    case "cancelled":
    case "rejected": {
      if (isHeld) return `${orderId} is ${status} and holds stock`;
      if (isKept(order) || payments[0]?.status === "authorised") {
        return `${orderId} is ${status} (${reason}) with a payment ${payments[0]?.status}`;
      }
      if (status === "rejected") return wrongReason(order);
      return order.isCancelAsked ? undefined : `nobody wanted ${orderId} cancelled`;
    }
    default:
      return status satisfies never;
  }
}

function wronglyConfirmed(order: OrderTruth): string | undefined {
  const { orderId, payments, isHeld, amount, review } = order;
  const captured = payments.filter((payment) => payment.status === "captured");
  if (captured[0]?.paymentId !== order.paymentId) {
    return `${orderId} is confirmed with ${order.paymentId}; captured: ${captured.length}`;
  }
  if (!order.hasShipment) return `${orderId} is confirmed without a shipment`;
  if (amount > ORDER_REVIEW.aboveAmount && review !== "approved") {
    return `${orderId} costs ${amount} and its review is ${review}`;
  }
  const isUndone = order.isCancelAsked && !isKept(order);
  return isHeld || isUndone ? undefined : `${orderId} is confirmed without its stock`;
}

function wrongReason(order: OrderTruth): string | undefined {
  const { orderId, reason, payments, review } = order;
  if (reason === "out-of-stock" && !order.wasOutOfStock) return `${orderId} never was out of stock`;
  if (reason === "payment-declined" && payments[0]?.status !== "declined") {
    return `${orderId} is rejected as declined; nobody declined it`;
  }
  if (reason === "review-declined" && review !== "declined" && review !== "expired") {
    return `${orderId} is rejected by its review, which is ${review}`;
  }
  if (reason === "hold-expired" && !order.wasExpired) return `${orderId} never lost its hold`;
  return undefined;
}

/** With nothing under way any more. */
export function unfinished(order: OrderTruth): string | undefined {
  const { orderId, status, payments, isHeld, isCancelAsked, attention } = order;
  const paid = payments.map((payment) => payment.status).join() || "none";
  if (status === "placed") {
    return `${orderId} never ended: payment ${paid}, stock ${isHeld ? "held" : "not held"}`;
  }
  if (status === "confirmed" && isCancelAsked) return `${orderId} was never cancelled`;
  if (sumOf(order, "pending") > 0) return `${orderId} has refunds that never ended`;
  if (refundedOf(order) !== sumOf(order, "refunded"))
    return `${orderId}: its refunds are not right`;
  return attention.size > 0 ? `${orderId} still needs somebody` : undefined;
}

const sumOf = ({ refunds }: OrderTruth, outcome: string): number =>
  [...refunds.values()]
    .filter((refund) => refund.outcome === outcome)
    .reduce((sum, { amount }) => sum + amount, 0);

const refundedOf = ({ payments }: OrderTruth): number =>
  payments.reduce((sum, { refunded }) => sum + refunded, 0);

/** Money that was taken and is neither back nor on its way back: parts have a way of their own. */
const isKept = (order: OrderTruth): boolean => {
  const promised = sumOf(order, "pending") + sumOf(order, "refunded");
  const cancels = cancelRefunds(order);
  const isBack =
    cancels.some(({ outcome }) => outcome === "refunded") ||
    refundedOf(order) >= (cancels[0]?.amount ?? 1);
  // What the provider refuses is not promised; that it is owed is on the order.
  const isOwed = [...order.attention.keys()].some(isCancels);
  return (
    order.payments.some(({ status }) => status === "captured") &&
    !((promised === order.amount || isOwed) && isBack)
  );
};
