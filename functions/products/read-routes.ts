/**
 * The catalogue as anybody sees it: lists by filter and order, and what is shown from copies.
 */
import { nextPage, startOf } from "#adapters/http/next-page";
import type { SignedCursors } from "#adapters/http/signed-cursor";
import { listProductsQuery, type ListProductsQuery } from "#contracts/http/products";
import { type HttpRoute, route } from "#runtime/http-route";
import { listProducts } from "#services/products/list-products";
import type { ProductStore } from "#services/products/ports";
import type { CatalogueCopies } from "./catalogue-copies.ts";
import { copyRoutes } from "./copy-routes.ts";
import { REVALIDATED } from "./representation.ts";

export type CatalogueReads = {
  readonly products: Pick<ProductStore, "list">;
  readonly copies: CatalogueCopies;
  readonly cursors: SignedCursors;
};

const LIST = "GET /v1/products";

export function readRoutes(ports: CatalogueReads): readonly HttpRoute[] {
  const { cursors } = ports;
  const list = route({
    route: LIST,
    querySchema: listProductsQuery,
    async handle({ query }) {
      const paging = { cursors, binding: bindingOf(query), query };
      const { after } = await startOf(paging);
      const page = await listProducts(ports, query, after);
      const { headers, ...next } = await nextPage(paging, page.next);
      const body = { products: page.products, ...next };
      return { status: 200, body, headers: { ...REVALIDATED, ...headers } };
    },
  });
  return [list, ...copyRoutes(ports)];
}

/** What a page shows of each product may change from page to page; which products may not. */
function bindingOf({ limit: _1, cursor: _2, fields: _3, ...filter }: ListProductsQuery) {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return {
    route: LIST,
    ...Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
  };
}
