/**
 * How a text may go on, and what was bought together with a product.
 */
import { recommendationsQuery, suggestQuery } from "#contracts/http/search";
import { type HttpRoute, route } from "#runtime/http-route";
import { type RecommendationNeeds, recommendProducts } from "#services/products/recommend-products";
import type { SearchIndex } from "#services/products/search-ports";
import { revalidated } from "./revalidated.ts";

export type SuggestDependencies = RecommendationNeeds & { readonly index: SearchIndex };

export function suggestRoutes(dependencies: SuggestDependencies): readonly HttpRoute[] {
  const suggest = route({
    route: "GET /v1/products/suggest",
    querySchema: suggestQuery,
    async handle({ query: { q, limit }, headers }) {
      return revalidated(
        { suggestions: [...(await dependencies.index.suggest(q, limit))] },
        headers,
      );
    },
  });
  const recommend = route({
    route: "GET /v1/products/{sku}/recommendations",
    querySchema: recommendationsQuery,
    async handle({ path, query: { limit }, headers }) {
      return revalidated(await recommendProducts(dependencies, path["sku"] ?? "", limit), headers);
    },
  });
  return [suggest, recommend];
}
