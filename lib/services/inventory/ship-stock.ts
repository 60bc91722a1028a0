/**
 * Turns an order's stock into sold units: they have left the warehouse.
 */
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { StockStore } from "./ports.ts";

/**
 * What is held and has left is committed by that. May be repeated. Errors: `conflict` (reject) for
 * stock that is not held any more; the store's.
 */
export async function shipStock(
  stock: Pick<StockStore, "ship" | "commit">,
  { orderId }: { readonly orderId: string },
  now: EpochMs,
): Promise<{ readonly orderId: string }> {
  if ((await stock.ship(orderId, now)) === "shipped") return { orderId };
  const isHeld = (await stock.commit(orderId, now)) === "committed";
  if (isHeld && (await stock.ship(orderId, now)) === "shipped") return { orderId };
  throw new Failure(
    "conflict",
    "reject",
    `The stock of order ${orderId} is not held (any more), and its goods have left: count them.`,
  );
}
