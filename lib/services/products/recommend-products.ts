/**
 * What others bought together with a product, as far as it is still shown.
 */
import { skuField } from "#contracts/http/fields";
import type { RecommendedProducts } from "#contracts/http/search";
import { Failure } from "#kernel/failure";
import type { Recommendations } from "./recommendation-ports.ts";
import { viewOf } from "./search-products.ts";
import type { SearchIndex } from "./search-ports.ts";

export type RecommendationNeeds = {
  readonly recommendations: Recommendations;
  readonly index: Pick<SearchIndex, "show">;
};

/** Some of those that were bought may be withdrawn by now. */
const SPARE = 10;

/** Errors: `not-found` (reject) for what cannot be a SKU; what the ports throw. */
export async function recommendProducts(
  { recommendations, index }: RecommendationNeeds,
  sku: string,
  limit: number,
): Promise<RecommendedProducts> {
  if (!skuField.safeParse(sku).success) {
    throw new Failure("not-found", "reject", "There is no such product.");
  }
  const companions = await recommendations.boughtWith(sku, limit + SPARE);
  const shown = await index.show(companions.map((companion) => companion.sku));
  const orders = new Map(companions.map((companion) => [companion.sku, companion.orders]));
  const products = shown.map((product) => ({
    ...viewOf(product),
    boughtTogether: orders.get(product.sku) ?? 0,
  }));
  return { products: products.slice(0, limit) };
}
