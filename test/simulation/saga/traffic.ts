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
};

export type Traffic = {
  readonly orders: readonly WantedOrder[];
  /** What is on hand at the start, by SKU. */
  readonly stock: Readonly<Record<string, number>>;
};

/** One of it makes a total end in 13, which the provider declines. */
export const DECLINED_SKU = "gift";

export const PRICES: readonly CataloguePrice[] = [
  { sku: "chair", currency: "BRL", price: 4_500, freight: 500 },
  { sku: "lamp", currency: "BRL", price: 1_200, freight: 0 },
  { sku: DECLINED_SKU, currency: "BRL", price: 400, freight: 113 },
];

const ORDERS_MIN = 3;
const ORDERS_MORE = 4;
const PLACING_MS = 20_000;
const QUANTITY_MAX = 3;

export function drawTraffic(rng: Rng): Traffic {
  const orders = Array.from({ length: ORDERS_MIN + rng.int(ORDERS_MORE) }, () => drawOrder(rng));
  // In some schedules there is enough for all, in others for a few.
  const plenty = 100;
  const chair = rng.int(3) === 0 ? 1 + rng.int(4) : plenty;
  const lamp = rng.int(3) === 0 ? 1 + rng.int(4) : plenty;
  return { orders, stock: { chair, lamp, [DECLINED_SKU]: plenty } };
}

function drawOrder(rng: Rng): WantedOrder {
  const sku = rng.int(2) === 0 ? "chair" : "lamp";
  const lines = [{ sku, quantity: 1 + rng.int(QUANTITY_MAX) }];
  if (rng.int(3) === 0) {
    lines.push({ sku: sku === "chair" ? "lamp" : "chair", quantity: 1 + rng.int(QUANTITY_MAX) });
  }
  if (rng.int(5) === 0) lines.push({ sku: DECLINED_SKU, quantity: 1 });
  return { atMs: rng.int(PLACING_MS), lines };
}
