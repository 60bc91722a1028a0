/**
 * Promises an order its stock for a while: all lines or none. A step of the order saga, so it may
 * be repeated.
 */
import { HOLD_SECONDS } from "#contracts/saga";
import { Failure } from "#kernel/failure";
import { type EpochMs, later, seconds } from "#kernel/units";
import { mergedLines, shortOf } from "./lines.ts";
import type { ReservationLine, StockStore } from "./ports.ts";

export type ReserveStock = { readonly orderId: string; readonly lines: readonly ReservationLine[] };

/**
 * Errors: `Failure` `out-of-stock` (reject; names the SKUs), `step-cancelled` (reject: the
 * order's stock was released before), and the store's.
 */
export async function reserveStock(
  stock: Pick<StockStore, "reserve">,
  { orderId, lines }: ReserveStock,
  now: EpochMs,
): Promise<{ readonly orderId: string }> {
  const expiresAt = later(now, seconds(HOLD_SECONDS));
  const answer = await stock.reserve(orderId, mergedLines(lines), expiresAt);
  switch (answer.kind) {
    case "reserved":
    case "already-reserved":
      return { orderId };
    case "out-of-stock":
    case "scattered":
      throw shortOf(answer, lines);
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
