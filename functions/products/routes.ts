/**
 * The catalogue over HTTP: a page of it, and one product with a strong ETag.
 */
import { entityTag, matchesEntityTag } from "#adapters/http/entity-tag";
import type { SignedCursors } from "#adapters/http/signed-cursor";
import { listProductsQuery, type ProductPage } from "#contracts/http/products";
import { type HttpRoute, route } from "#runtime/http-route";
import { getProduct } from "#services/products/get-product";
import { listProducts } from "#services/products/list-products";
import type { ProductStore } from "#services/products/ports";

export type CatalogueDependencies = {
  readonly products: ProductStore;
  readonly cursors: SignedCursors;
};

export function catalogueRoutes(dependencies: CatalogueDependencies): readonly HttpRoute[] {
  const { cursors } = dependencies;
  const list = route({
    route: LIST.route,
    querySchema: listProductsQuery,
    async handle({ query: { limit, cursor } }) {
      const after = cursor === undefined ? undefined : await cursors.open(LIST, cursor);
      const { products, next } = await listProducts(dependencies, { limit, after });
      const sealed = next === undefined ? {} : { next: await cursors.seal(LIST, next) };
      const body: ProductPage = { products: [...products], ...sealed };
      return { status: 200, body, headers: REVALIDATED };
    },
  });
  const one = route({
    route: "GET /v1/products/{sku}",
    async handle({ path, headers }) {
      const body = await getProduct(dependencies, path["sku"] ?? "");
      const tagged = { ...REVALIDATED, etag: entityTag(body) };
      const unchanged = matchesEntityTag(headers["if-none-match"], tagged.etag);
      return unchanged ? { status: 304, headers: tagged } : { status: 200, body, headers: tagged };
    },
  });
  return [list, one];
}

/** What a cursor of this list is bound to; there is no filter yet that could change it. */
const LIST = { route: "GET /v1/products" } as const;
/** Anybody may keep a copy but has to ask whether it still holds: prices change. */
const REVALIDATED = { "cache-control": "public, no-cache" };
