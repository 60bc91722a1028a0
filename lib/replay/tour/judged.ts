/**
 * How each answer of the tour has to be, and what of it a person is told. Pure: answers in, words
 * out.
 */
import type { CartView, CreatedCart } from "#contracts/http/carts";
import type { StockView } from "#contracts/http/inventory";
import type { ChangedOrder, RefundView } from "#contracts/http/order-changes";
import type { OrderView } from "#contracts/http/orders";
import type { SagaList, SagaView } from "#contracts/http/sagas";
import type { SearchAnswer } from "#contracts/http/search";
import { differs } from "../differs.ts";
import { refundedOf } from "../money.ts";
import type { TourProduct } from "./products.ts";
import type { ProvidersPayment, Said } from "./walk.ts";

type Item = { readonly product: TourProduct; readonly quantity: number };

export function found({ products }: SearchAnswer, { sku, title }: TourProduct): Said {
  const one = products.find((product) => product.sku === sku);
  const first = one?.title ?? products[0]?.title ?? "nothing";
  return {
    answered: `${first}, ${amountText(one?.price?.amount)}`,
    id: sku,
    wrong: differs("found", title, one?.title),
  };
}

export const openCart = ({ cartId, items, secret }: CreatedCart): Said => ({
  answered: secret === undefined ? "an empty cart" : "an empty cart and its secret",
  id: cartId,
  wrong: differs("items", 0, items.length),
});

export function filledCart(
  { cartId, items, version }: CartView,
  { product, quantity }: Item,
): Said {
  const text = items.map((item) => `${item.quantity} x ${item.price.unitPrice}`).join(", ");
  const has = items.map((item) => `${item.quantity} x ${item.sku}`).join(", ");
  return {
    answered: `version ${version}: ${text}`,
    id: cartId,
    wrong: differs("items", `${quantity} x ${product.sku}`, has),
  };
}

/** Its first look may see it at any point of its saga. */
export const placed = (orderId: string): Said => ({ answered: "placed", id: orderId, wrong: [] });

export const totalOf = ({ product, quantity }: Item): number =>
  quantity * (product.price + product.freight);

export type OrderHas = {
  readonly status: OrderView["status"];
  readonly payment: OrderView["payment"]["status"];
  readonly total: number;
  readonly shipment?: OrderView["shipment"]["status"];
  readonly review?: OrderView["review"];
  /** Minor units that were paid back, of refunds that are done. */
  readonly refunded?: number;
  readonly needsAttention?: boolean;
};

export function order(seen: OrderView, has: OrderHas): Said {
  const { status, payment, total, shipment, review } = seen;
  const refunded = refundedOf(seen.refunds);
  const { needsAttention = false } = has;
  return {
    answered: [
      status,
      ...(review === "pending" && status === "placed" ? ["under review"] : []),
      ...(seen.needsAttention ? ["needs attention"] : []),
      refunded === 0 ? payment.status : `${payment.status} ${amountText(refunded)}`,
    ].join("; "),
    id: seen.orderId,
    wrong: [
      ...differs("status", has.status, status),
      ...differs("payment", has.payment, payment.status),
      ...differs("total", has.total, total.amount),
      ...differs("refunded", has.refunded ?? 0, refunded),
      ...differs("needs attention", String(needsAttention), String(seen.needsAttention)),
      ...(has.shipment === undefined ? [] : differs("shipment", has.shipment, shipment.status)),
      ...(has.review === undefined ? [] : differs("review", has.review, review)),
    ],
  };
}

export const cancelAsked = ({ orderId, status, cancelRequested }: ChangedOrder): Said => ({
  answered: `${status}; to be cancelled`,
  id: orderId,
  wrong: differs("to be cancelled", "true", String(cancelRequested)),
});

export const refundAsked = ({ refundId, amount, status }: RefundView, wanted: number): Said => ({
  answered: `${status} ${amountText(amount.amount)}`,
  id: refundId,
  wrong: [
    ...differs("amount", wanted, amount.amount),
    ...differs("refused", "false", String(status === "refused")),
  ],
});

/** @param by how much more is reserved and sold than before; both are less on hand or available */
export function stock(
  after: StockView,
  before: StockView,
  by: { readonly reserved: number; readonly sold: number },
): Said {
  const { sku, onHand, reserved, available, sold } = after;
  const gone = by.reserved + by.sold;
  return {
    answered: `${onHand} on hand, ${reserved} reserved, ${sold} sold`,
    id: sku,
    wrong: [
      ...differs("reserved", before.reserved + by.reserved, reserved),
      ...differs("sold", before.sold + by.sold, sold),
      ...differs("on hand", before.onHand - by.sold, onHand),
      ...differs("available", before.available - gone, available),
    ],
  };
}

export const captured = ({ paymentId, status }: ProvidersPayment): Said => ({
  answered: `${status}, and nobody asked for it`,
  id: paymentId,
  wrong: differs("the provider's payment", "captured", status),
});

export const listed = ({ sagas }: SagaList, orderId: string): Said => ({
  answered: `${sagas.length} stuck`,
  id: orderId,
  wrong: sagas.some((saga) => saga.orderId === orderId) ? [] : [`${orderId} is not listed`],
});

/** The undoing of its payment was refused, because the money has been taken. */
export function cause({ orderId, attention }: SagaView): Said {
  const [first] = attention;
  const why = first?.cause ?? "nothing";
  return {
    answered: why.split(" ", 2).join(" "),
    id: orderId,
    wrong: [
      ...differs("ends badly", "failed", first?.kind),
      ...(why.startsWith("Void: ") ? [] : [`its payment's undoing should be at fault: ${why}`]),
    ],
  };
}

export const repaired = ({ orderId, attention, underWay }: SagaView): Said => ({
  answered: `under way: ${underWay.map((name) => name.slice(orderId.length + 1)).join(", ")}`,
  id: orderId,
  wrong: differs("needs attention", 0, attention.length),
});

const amountText = (minorUnits: number | undefined): string =>
  minorUnits === undefined ? "no price" : (minorUnits / 100).toFixed(2);
