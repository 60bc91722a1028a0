/**
 * One product of the catalogue.
 */
import { skuField } from "#contracts/http/fields";
import type { ProductView } from "#contracts/http/products";
import { Failure } from "#kernel/failure";
import type { ProductStore } from "./ports.ts";
import { productViewOf } from "./view.ts";

/** Errors: `not-found` (reject), also for what cannot be a SKU; what the store throws. */
export async function getProduct(
  { products }: { readonly products: ProductStore },
  sku: string,
): Promise<ProductView> {
  const product = skuField.safeParse(sku).success ? await products.get(sku) : undefined;
  if (product === undefined) throw new Failure("not-found", "reject", "There is no such product.");
  return productViewOf(product);
}
