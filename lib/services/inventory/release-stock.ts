/**
 * Gives back what was reserved for an order, or makes sure that nothing ever will be: the undo of
 * `reserve-stock`.
 */
import type { EpochMs } from "#kernel/units";
import type { StockStore } from "./ports.ts";

/**
 * Held and committed stock alike. May be repeated, and may overtake the reservation it undoes. What
 * has left is not here to be given back: an adjustment counts it when it comes back. Errors: the
 * store's.
 */
export async function releaseStock(
  stock: Pick<StockStore, "release">,
  { orderId }: { readonly orderId: string },
  now: EpochMs,
): Promise<{ readonly orderId: string }> {
  await stock.release(orderId, now);
  return { orderId };
}
