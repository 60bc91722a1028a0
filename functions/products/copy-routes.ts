/**
 * What is shown from copies of the catalogue: one product with a strong ETag, the categories.
 */
import { cacheStatus } from "#runtime/cache-lookup";
import { type HttpRoute, route } from "#runtime/http-route";
import { readableSku, visibleProduct } from "#services/products/get-product";
import type { CatalogueCopies } from "./catalogue-copies.ts";
import { representation } from "./representation.ts";
import { wantsAnew } from "./wants-anew.ts";

export function copyRoutes({ copies }: { readonly copies: CatalogueCopies }): readonly HttpRoute[] {
  const one = route({
    route: "GET /v1/products/{sku}",
    async handle({ path, headers }) {
      const sku = readableSku(path["sku"] ?? "");
      const { value, lookups } = await copies.products.get(sku, wantsAnew(headers));
      return representation(visibleProduct(value), headers, cacheStatus(lookups));
    },
  });
  const categories = route({
    route: "GET /v1/categories",
    async handle({ headers }) {
      const { value, lookups } = await copies.categories.get("all", wantsAnew(headers));
      return representation(value, headers, cacheStatus(lookups));
    },
  });
  return [one, categories];
}
