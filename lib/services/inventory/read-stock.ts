/**
 * What is in the warehouse of one SKU, and how much of it is promised.
 */
import { skuField } from "#contracts/http/fields";
import type { StockView } from "#contracts/http/inventory";
import { Failure } from "#kernel/failure";
import type { StockStore } from "./ports.ts";

/** Errors: `not-found` (reject) for a SKU that was never received; what the store throws. */
export async function readStock(
  { stock }: { readonly stock: Pick<StockStore, "levels"> },
  sku: string,
): Promise<StockView> {
  const [level] = skuField.safeParse(sku).success ? await stock.levels([sku]) : [];
  if (level === undefined) {
    throw new Failure("not-found", "reject", "There is no stock record of such a SKU.");
  }
  const { onHand, reserved, sold } = level;
  return { sku: level.sku, onHand, reserved, available: onHand - reserved, sold };
}
