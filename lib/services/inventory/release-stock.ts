/**
 * Gives back what was reserved for an order, or makes sure that nothing ever will be: the undo of
 * `reserve-stock`.
 */
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { StockStore } from "./ports.ts";

/**
 * Held and committed stock alike. May be repeated, and may overtake the reservation it undoes.
 * Errors: `conflict` (reject) for stock that was shipped, which only an adjustment brings back; the
 * store's.
 */
export async function releaseStock(
  stock: Pick<StockStore, "release">,
  { orderId }: { readonly orderId: string },
  now: EpochMs,
): Promise<{ readonly orderId: string }> {
  if ((await stock.release(orderId, now)) !== "shipped") return { orderId };
  throw new Failure(
    "conflict",
    "reject",
    `The stock of order ${orderId} was shipped: adjust the stock when it comes back.`,
  );
}
