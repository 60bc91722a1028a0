/**
 * The orders of a schedule and the stock that they compete for.
 */
import type { Rng } from "#kernel/rng";
import type { ReservationLine } from "#services/inventory/ports";
import type { CataloguePrice } from "#services/orders/ports";

export type WantedOrder = {
  /** Since the start. */
  readonly atMs: number;
  readonly lines: readonly ReservationLine[];
  /** Its customer wants it cancelled: so long after placing it, or at that moment. */
  readonly cancel?: { readonly afterMs: number } | { readonly at: string };
  /** Its stock is held only so long after it was placed. */
  readonly holdMs?: number;
  /** Staff pay these back, one after the other, once it is confirmed; minor units. */
  readonly refunds?: readonly number[];
};

export type Traffic = {
  readonly orders: readonly WantedOrder[];
  /** What is on hand at the start, by SKU. */
  readonly stock: Readonly<Record<string, number>>;
};

/** One of it makes a total end in 13, which the provider declines. */
export const DECLINED_SKU = "gift";

/** One of it needs a review. */
export const REVIEWED_SKU = "statue";

export const PRICES: readonly CataloguePrice[] = [
  { sku: "chair", currency: "BRL", price: 4_500, freight: 500 },
  { sku: "lamp", currency: "BRL", price: 1_200, freight: 0 },
  { sku: REVIEWED_SKU, currency: "BRL", price: 6_000_000, freight: 0 },
  { sku: DECLINED_SKU, currency: "BRL", price: 400, freight: 113 },
];

const ORDERS_MIN = 3;
const ORDERS_MORE = 4;
const PLACING_MS = 20_000;
const QUANTITY_MAX = 3;
/** Often in the middle of the saga, sometimes long after it. */
const CANCELLING_MS = 12_000;
/** Sometimes more than was paid. */
const REFUND_MAX = 20_000;

export function drawTraffic(rng: Rng): Traffic {
  const orders = Array.from({ length: ORDERS_MIN + rng.int(ORDERS_MORE) }, () => drawOrder(rng));
  // In some schedules there is enough for all, in others for a few.
  const plenty = 100;
  const chair = rng.int(3) === 0 ? 1 + rng.int(4) : plenty;
  const lamp = rng.int(3) === 0 ? 1 + rng.int(4) : plenty;
  return { orders, stock: { chair, lamp, [DECLINED_SKU]: plenty, [REVIEWED_SKU]: plenty } };
}

function drawOrder(rng: Rng): WantedOrder {
  const sku = rng.int(2) === 0 ? "chair" : "lamp";
  const lines = [{ sku, quantity: 1 + rng.int(QUANTITY_MAX) }];
  if (rng.int(3) === 0) {
    lines.push({ sku: sku === "chair" ? "lamp" : "chair", quantity: 1 + rng.int(QUANTITY_MAX) });
  }
  if (rng.int(5) === 0) lines.push({ sku: DECLINED_SKU, quantity: 1 });
  if (rng.int(6) === 0) lines.push({ sku: REVIEWED_SKU, quantity: 1 });
  return {
    atMs: rng.int(PLACING_MS),
    lines,
    ...(rng.int(3) === 0 && { cancel: { afterMs: rng.int(CANCELLING_MS) } }),
    ...(rng.int(12) === 0 && { holdMs: rng.int(CANCELLING_MS) }),
    ...(rng.int(3) === 0 && { refunds: [700, 1 + rng.int(REFUND_MAX)] }),
  };
}
