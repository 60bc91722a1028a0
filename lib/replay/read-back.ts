/**
 * Reads everything back through the API after a run: every order, its timeline, and the stock of
 * every SKU it used.
 */
import type { StockView } from "#contracts/http/inventory";
import type { OrderTimeline, OrderView } from "#contracts/http/orders";
import { mapConcurrently } from "./concurrency.ts";
import type { ShopApi } from "./shop-api.ts";

export type ReadOrder = { readonly order: OrderView; readonly timeline: OrderTimeline };

/** How many of how many are done. */
export type Tell = (done: number, of: number) => void;

export async function readOrders(
  api: ShopApi,
  orderIds: readonly string[],
  tell: Tell,
): Promise<readonly ReadOrder[]> {
  let done = 0;
  return await mapConcurrently(orderIds, READERS, async (orderId) => {
    const [order, timeline] = await Promise.all([api.order(orderId), api.timeline(orderId)]);
    done += 1;
    tell(done, orderIds.length);
    return { order, timeline };
  });
}

export async function readStock(
  api: ShopApi,
  skus: readonly string[],
  tell: Tell,
): Promise<ReadonlyMap<string, StockView>> {
  let done = 0;
  const views = await mapConcurrently(skus, READERS, async (sku) => {
    const view = await api.stock(sku);
    done += 1;
    tell(done, skus.length);
    return view;
  });
  return new Map(views.map((view) => [view.sku, view]));
}

/** Enough to keep the client's own bound busy. */
const READERS = 8;
