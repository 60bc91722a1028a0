/**
 * Turns an order's committed stock into sold units: they have left the warehouse.
 */
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { StockStore } from "./ports.ts";

/**
 * May be repeated. Errors: `conflict` (reject) for stock that is not committed; the store's.
 */
export async function shipStock(
  stock: Pick<StockStore, "ship">,
  { orderId }: { readonly orderId: string },
  now: EpochMs,
): Promise<{ readonly orderId: string }> {
  if ((await stock.ship(orderId, now)) === "shipped") return { orderId };
  throw new Failure(
    "conflict",
    "reject",
    `The stock of order ${orderId} is not committed: only a committed hold can be shipped.`,
  );
}
