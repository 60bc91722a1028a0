/**
 * What was corrected of one SKU and why, the newest first, a page at a time.
 */
import { skuField } from "#contracts/http/fields";
import type { AdjustmentPage } from "#contracts/http/inventory";
import { Failure } from "#kernel/failure";
import { adjustmentViewOf } from "./adjust-stock.ts";
import type { AdjustmentLog, AdjustmentPageRequest, StockItems } from "./ports.ts";

/** Errors: `not-found` (reject) for a SKU that was never received; the store's. */
export async function listAdjustments(
  { items, log }: { readonly items: StockItems; readonly log: AdjustmentLog },
  request: AdjustmentPageRequest,
): Promise<AdjustmentPage> {
  const { sku } = request;
  const isSku = skuField.safeParse(sku).success;
  const { adjustments, next } = isSku
    ? await log.page(request)
    : { adjustments: [], next: undefined };
  // An empty log of a SKU is not the same as no SKU; only then is its stock read as well.
  const isKnown =
    adjustments.length > 0 || (isSku && (await items.items([{ sku, shard: 0 }])).length > 0);
  if (!isKnown) {
    throw new Failure("not-found", "reject", "There is no stock record of such a SKU.");
  }
  return { adjustments: adjustments.map(adjustmentViewOf), ...(next !== undefined && { next }) };
}
