/**
 * Searching over HTTP: by a query that can be linked to, by a body where its filters are long, and
 * how a text may go on; and what
 * was bought together with a product.
 */
import { entityTag, matchesEntityTag } from "#adapters/http/entity-tag";
import type { SignedCursors } from "#adapters/http/signed-cursor";
import {
  recommendationsQuery,
  SEARCH_DEPTH_MAX,
  type SearchAnswer,
  type SearchBody,
  type SearchQuery,
  searchBody,
  searchQuery,
  suggestQuery,
} from "#contracts/http/search";
import { canonicalJson } from "#kernel/hash";
import { type HttpAnswer, type HttpRoute, route } from "#runtime/http-route";
import { type SearchPage, searchProducts } from "#services/products/search-products";
import { recommendProducts } from "#services/products/recommend-products";
import type { Recommendations } from "#services/products/recommendation-ports";
import type { SearchIndex } from "#services/products/search-ports";

export type SearchDependencies = {
  readonly index: SearchIndex;
  readonly recommendations: Recommendations;
  readonly cursors: SignedCursors;
};

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
  const suggest = route({
    route: "GET /v1/products/suggest",
    querySchema: suggestQuery,
    async handle({ query: { q, limit }, headers }) {
      return revalidated({ suggestions: [...(await index.suggest(q, limit))] }, headers);
    },
  });
  const recommend = route({
    route: "GET /v1/products/{sku}/recommendations",
    querySchema: recommendationsQuery,
    async handle({ path, query: { limit }, headers }) {
      return revalidated(await recommendProducts(dependencies, path["sku"] ?? "", limit), headers);
    },
  });
  return [byQuery, byBody, suggest, recommend];
}

/** What a cursor is for, whichever of the two routes it came by; and the size of the page. */
type Asked = Omit<SearchPage, "offset">;

const asked = ({ q, category, minPrice, maxPrice, currency, ...rest }: SearchQuery): Asked => ({
  text: q,
  filter: {
    categories: category ?? [],
    ...(currency === undefined ? {} : { price: priceOf(currency, minPrice, maxPrice) }),
    ...ratingOf(rest.minRating),
  },
  limit: rest.limit,
  fields: rest.fields,
});

const askedByBody = ({ q, categories, price, minRating, limit, fields }: SearchBody): Asked => ({
  text: q,
  filter: {
    categories,
    ...(price === undefined ? {} : { price: priceOf(price.currency, price.min, price.max) }),
    ...ratingOf(minRating),
  },
  limit,
  fields,
});

const priceOf = (currency: string, min: number | undefined, max: number | undefined) => ({
  currency,
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});

const ratingOf = (ratingMin: number | undefined) => (ratingMin === undefined ? {} : { ratingMin });

/** Anybody may keep a copy but has to ask whether it still holds: prices change. */
function revalidated(body: unknown, headers: Readonly<Record<string, string>>): HttpAnswer {
  const tagged = { "cache-control": "public, no-cache", etag: entityTag(body) };
  const unchanged = matchesEntityTag(headers["if-none-match"], tagged.etag);
  return unchanged ? { status: 304, headers: tagged } : { status: 200, body, headers: tagged };
}
