/**
 * The catalogue, a page at a time.
 */
import type { ProductView } from "#contracts/http/products";
import type { ProductStore } from "./ports.ts";
import { productViewOf } from "./view.ts";

export type ListRequest = {
  /** 1 to 100. */
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after: string | undefined;
};

export type ProductList = {
  readonly products: readonly ProductView[];
  /** The position after which the next page starts; absent on the last one. */
  readonly next: string | undefined;
};

/** Errors: what the store throws. */
export async function listProducts(
  { products }: { readonly products: ProductStore },
  { limit, after }: ListRequest,
): Promise<ProductList> {
  const page = await products.page(limit, after);
  return { products: page.products.map(productViewOf), next: page.next };
}
