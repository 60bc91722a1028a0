/**
 * Promises an order its stock: all lines or none. A step of the order saga, so it may be repeated.
 */
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { ReservationLine, StockStore } from "./ports.ts";

export type ReserveStock = { readonly orderId: string; readonly lines: readonly ReservationLine[] };

/**
 * Errors: `Failure` `out-of-stock` (reject; names the SKUs), `step-cancelled` (reject: the
 * order's stock was released before), and the store's.
 */
export async function reserveStock(
  stock: StockStore,
  { orderId, lines }: ReserveStock,
  now: EpochMs,
): Promise<{ readonly orderId: string }> {
  const answer = await stock.reserve(orderId, merged(lines), now);
  switch (answer.kind) {
    case "reserved":
    case "already-reserved":
      return { orderId };
    case "out-of-stock":
      throw new Failure(
        "out-of-stock",
        "reject",
        `Not enough stock of ${answer.skus.join(", ")}: order fewer units or leave them out.`,
      );
    case "released":
      throw new Failure(
        "step-cancelled",
        "reject",
        `The stock of order ${orderId} was released before; a late reservation is refused.`,
      );
    default:
      return answer satisfies never;
  }
}

/** No item may occur twice in one transaction, so lines of one SKU become one. */
function merged(lines: readonly ReservationLine[]): readonly ReservationLine[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) {
    quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  }
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}
