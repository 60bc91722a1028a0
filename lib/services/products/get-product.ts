/**
 * One product of the catalogue.
 */
import { skuField } from "#contracts/http/fields";
import type { ProductView } from "#contracts/http/products";
import { Failure } from "#kernel/failure";
import type { Product } from "./domain/product.ts";
import type { ProductStore } from "./ports.ts";
import { productViewOf } from "./view.ts";

export type ReadsProducts = { readonly products: Pick<ProductStore, "get"> };

/** What everybody sees of a product, as copies of it hold it; null once it has been withdrawn. */
export type ShownProduct = ProductView | null;

export const shownProduct = (product: Product): ShownProduct =>
  product.deleted ? null : productViewOf(product);

/** Errors: `not-found` (reject) for what has been withdrawn, or never was. */
export function visibleProduct(shown: ShownProduct | undefined): ProductView {
  if (shown === undefined || shown === null) throw noProduct();
  return shown;
}

/** Withdrawn ones too. Errors: `not-found` (reject); what the store throws. */
export async function storedProduct({ products }: ReadsProducts, sku: string): Promise<Product> {
  const product = await products.get(readableSku(sku));
  if (product === undefined) throw noProduct();
  return product;
}

/** Errors: `not-found` (reject) for what cannot be a SKU: nothing is read for it. */
export function readableSku(text: string): string {
  if (skuField.safeParse(text).success) return text;
  throw noProduct();
}

export const noProduct = (): Failure =>
  new Failure("not-found", "reject", "There is no such product.");
