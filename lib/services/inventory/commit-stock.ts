/**
 * Makes an order's hold permanent before its money is taken: from then on no clock ends it.
 */
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { StockStore } from "./ports.ts";

/**
 * May be repeated. Errors: `hold-expired` (reject) for a hold that has come to its end or was
 * released, and for an order without one; the store's.
 */
export async function commitStock(
  stock: Pick<StockStore, "commit">,
  { orderId }: { readonly orderId: string },
  now: EpochMs,
): Promise<{ readonly orderId: string }> {
  if ((await stock.commit(orderId, now)) === "committed") return { orderId };
  throw new Failure(
    "hold-expired",
    "reject",
    `The stock of order ${orderId} is not held any more: undo the order, or place it again.`,
  );
}
