/**
 * Gives back what was reserved for an order, or makes sure that nothing ever will be: the undo of
 * `reserve-stock`.
 */
import type { EpochMs } from "#kernel/units";
import type { StockStore } from "./ports.ts";

/** May be repeated, and may overtake the reservation it undoes. Errors: the store's. */
export async function releaseStock(
  stock: StockStore,
  { orderId }: { readonly orderId: string },
  now: EpochMs,
): Promise<{ readonly orderId: string }> {
  await stock.release(orderId, now);
  return { orderId };
}
