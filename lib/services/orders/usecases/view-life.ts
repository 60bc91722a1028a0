/**
 * An order's life after it was placed as its customer sees it: shipment, cancellation, review,
 * refunds and returns.
 */
import type { ChangedOrder, RefundView, ReturnView } from "#contracts/http/order-changes";
import type { OrderView } from "#contracts/http/orders";
import type { Refund, Return } from "../domain/life.ts";
import { type PlacedOrder, statusOf } from "../domain/order.ts";

export function lifeView(
  state: PlacedOrder,
): Pick<
  OrderView,
  "shipment" | "cancelRequested" | "needsAttention" | "review" | "refunds" | "returns"
> {
  const { life, facts } = state;
  return {
    shipment: {
      status: shipmentStatus(state),
      ...(life.shipmentId !== undefined && { shipmentId: life.shipmentId }),
    },
    cancelRequested: life.cancel !== undefined,
    needsAttention: life.attention.length > 0,
    ...(life.review !== undefined && { review: life.review.decision ?? "pending" }),
    refunds: life.refunds.map((refund) => refundView(refund, facts.currency)),
    returns: life.returns.map(returnView),
  };
}

export const changedView = (state: PlacedOrder): ChangedOrder => {
  const self = `/v1/orders/${state.facts.orderId}`;
  return {
    orderId: state.facts.orderId,
    status: statusOf(state),
    cancelRequested: state.life.cancel !== undefined,
    links: { self, events: `${self}/events` },
  };
};

export const refundView = (
  { refundId, amount, cause, outcome }: Refund,
  currency: string,
): RefundView => ({ refundId, amount: { amount, currency }, cause, status: outcome });

export const returnView = ({ returnId, lines, isReceived }: Return): ReturnView => ({
  returnId,
  lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
  status: isReceived ? "received" : "requested",
});

/** Of what was captured. */
export function paidBack({
  facts,
  life,
}: PlacedOrder): "captured" | "partially-refunded" | "refunded" {
  const back = life.refunds
    .filter(({ outcome }) => outcome === "refunded")
    .reduce((sum, { amount }) => sum + amount, 0);
  if (back === 0) return "captured";
  return back >= facts.total ? "refunded" : "partially-refunded";
}

/** It follows from its order, and from what carriers report. */
function shipmentStatus(state: PlacedOrder): OrderView["shipment"]["status"] {
  if (state.phase === "reported") {
    if (state.steps.delivered !== undefined) return "delivered";
    if (state.steps["handed-to-carrier"] !== undefined) return "handed-to-carrier";
  }
  if (state.life.shipmentId === undefined) return "none";
  return state.phase === "rejected" || state.phase === "cancelled" ? "cancelled" : "created";
}
