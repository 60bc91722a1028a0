/**
 * Brings what is available of each SKU up to a level; repeating it changes nothing.
 */
import type { ImportAnswer, ReceiveStock } from "#contracts/operator";
import { concurrently } from "#messaging/consumer/concurrently";
import type { StockStore } from "./ports.ts";

/** SKUs under way at once: quick for a warehouse, harmless for the table. */
const AT_ONCE_MAX = 8;

/**
 * The highest of several levels of one SKU counts. Answers how many were raised. Errors: what the
 * store throws; then some may have been raised, and the whole may be repeated.
 */
export async function raiseStock(
  { stock }: { readonly stock: Pick<StockStore, "receive"> },
  { levels }: ReceiveStock,
): Promise<ImportAnswer> {
  let written = 0;
  const works = [...highestBySku(levels)].map(([sku, available]) => async () => {
    if (await stock.receive(sku, available)) written += 1;
  });
  await concurrently(works, AT_ONCE_MAX);
  return { written };
}

function highestBySku(levels: ReceiveStock["levels"]): ReadonlyMap<string, number> {
  const highest = new Map<string, number>();
  for (const { sku, available } of levels) {
    highest.set(sku, Math.max(available, highest.get(sku) ?? 0));
  }
  return highest;
}
