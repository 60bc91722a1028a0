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

/** Errors: `not-found` (reject), also for what cannot be a SKU; what the store throws. */
export async function getProduct(ports: ReadsProducts, sku: string): Promise<ProductView> {
  const product = await storedProduct(ports, sku);
  if (product.deleted) throw noProduct();
  return productViewOf(product);
}

/** Withdrawn ones too. Errors: as `getProduct`. */
export async function storedProduct({ products }: ReadsProducts, sku: string): Promise<Product> {
  const product = skuField.safeParse(sku).success ? await products.get(sku) : undefined;
  if (product === undefined) throw noProduct();
  return product;
}

export const noProduct = (): Failure =>
  new Failure("not-found", "reject", "There is no such product.");
