/**
 * Searching over HTTP: by a query that can be linked to, and by a body where its filters are long.
 */
import type { SignedCursors } from "#adapters/http/signed-cursor";
import {
  SEARCH_DEPTH_MAX,
  type SearchAnswer,
  searchBody,
  searchQuery,
} from "#contracts/http/search";
import { canonicalJson } from "#kernel/hash";
import { type HttpRoute, route } from "#runtime/http-route";
import { searchProducts } from "#services/products/search-products";
import { type Asked, asked, askedByBody } from "./asked-search.ts";
import { revalidated } from "./revalidated.ts";
import { type SuggestDependencies, suggestRoutes } from "./suggest-routes.ts";

export type SearchDependencies = SuggestDependencies & { readonly cursors: SignedCursors };

export function searchRoutes(dependencies: SearchDependencies): readonly HttpRoute[] {
  const { index, cursors } = dependencies;

  const page = async (asked: Asked, cursor: string | undefined): Promise<SearchAnswer> => {
    const { text, filter } = asked;
    const binding = { route: "products/search", query: canonicalJson({ text, filter }) };
    const offset = cursor === undefined ? 0 : Number(await cursors.open(binding, cursor));
    const limit = Math.min(asked.limit, SEARCH_DEPTH_MAX - offset);
    const { answer, next } = await searchProducts({ index }, { ...asked, offset, limit });
    return next === undefined
      ? answer
      : { ...answer, next: await cursors.seal(binding, String(next)) };
  };

  const byQuery = route({
    route: "GET /v1/products/search",
    querySchema: searchQuery,
    handle: async ({ query, headers }) =>
      revalidated(await page(asked(query), query.cursor), headers),
  });
  const byBody = route({
    route: "POST /v1/products/search",
    bodySchema: searchBody,
    handle: async ({ body }) => ({
      status: 200,
      body: await page(askedByBody(body), body.cursor),
      headers: { "cache-control": "no-store" },
    }),
  });
  return [byQuery, byBody, ...suggestRoutes(dependencies)];
}
