/**
 * The catalogue as anybody sees it: lists by filter and order, one product with a strong ETag.
 */
import { entityTag, matchesEntityTag } from "#adapters/http/entity-tag";
import type { SignedCursors } from "#adapters/http/signed-cursor";
import {
  listProductsQuery,
  type ListProductsQuery,
  type ProductPage,
} from "#contracts/http/products";
import { type HttpRoute, route } from "#runtime/http-route";
import { getProduct } from "#services/products/get-product";
import { listCategories } from "#services/products/list-categories";
import { listProducts } from "#services/products/list-products";
import type { CategoryNames, ProductStore } from "#services/products/ports";
import { REVALIDATED } from "./caching.ts";
import { linkToNext } from "./link.ts";

export type CatalogueReads = {
  readonly products: Pick<ProductStore, "get" | "list">;
  readonly categories: Pick<CategoryNames, "names">;
  readonly cursors: SignedCursors;
};

const LIST = "GET /v1/products";

export function readRoutes(ports: CatalogueReads): readonly HttpRoute[] {
  const { cursors } = ports;
  const list = route({
    route: LIST,
    querySchema: listProductsQuery,
    async handle({ query }) {
      const binding = bindingOf(query);
      const { cursor } = query;
      const after = cursor === undefined ? undefined : await cursors.open(binding, cursor);
      const page = await listProducts(ports, query, after);
      const products = [...page.products];
      if (page.next === undefined) return { status: 200, body: { products }, headers: REVALIDATED };
      const next = await cursors.seal(binding, page.next);
      const body: ProductPage = { products, next };
      return { status: 200, body, headers: { ...REVALIDATED, link: linkToNext(query, next) } };
    },
  });
  const one = route({
    route: "GET /v1/products/{sku}",
    async handle({ path, headers }) {
      const body = await getProduct(ports, path["sku"] ?? "");
      const tagged = { ...REVALIDATED, etag: entityTag(body) };
      const unchanged = matchesEntityTag(headers["if-none-match"], tagged.etag);
      return unchanged ? { status: 304, headers: tagged } : { status: 200, body, headers: tagged };
    },
  });
  const categories = route({
    route: "GET /v1/categories",
    handle: async () => ({ status: 200, body: await listCategories(ports), headers: REVALIDATED }),
  });
  return [list, one, categories];
}

/** What a page shows of each product may change from page to page; which products may not. */
function bindingOf({ limit: _1, cursor: _2, fields: _3, ...filter }: ListProductsQuery) {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return {
    route: LIST,
    ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
  };
}
