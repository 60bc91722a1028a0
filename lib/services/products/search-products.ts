/**
 * A page of what a search finds, as the API shows it.
 */
import {
  FOUND_FIELDS,
  type FoundField,
  type FoundView,
  SEARCH_DEPTH_MAX,
  type SearchAnswer,
} from "#contracts/http/search";
import type { FoundProduct, SearchFilter, SearchIndex } from "./search-ports.ts";

export type SearchPage = {
  readonly text: string;
  readonly filter: SearchFilter;
  /** 1 to 100. */
  readonly limit: number;
  /** How many are before this page. */
  readonly offset: number;
  /** Default: all. */
  readonly fields?: readonly FoundField[] | undefined;
};

export type SearchedPage = {
  readonly answer: Omit<SearchAnswer, "next">;
  /** Where the next page begins; absent on the last one. */
  readonly next: number | undefined;
};

/** Errors: what the index throws. */
export async function searchProducts(
  { index }: { readonly index: SearchIndex },
  { text, filter, limit, offset, fields = FOUND_FIELDS }: SearchPage,
): Promise<SearchedPage> {
  const found = await index.search({ text, filter, offset, limit });
  const end = offset + found.products.length;
  const hasMore = end < Math.min(found.total, SEARCH_DEPTH_MAX) && found.products.length > 0;
  const { categories, priceBands } = found.facets;
  return {
    answer: {
      total: found.total,
      products: found.products.map((product) => chosen(viewOf(product), fields)),
      facets: { categories: [...categories], priceBands: [...priceBands] },
    },
    next: hasMore ? end : undefined,
  };
}

/** As the API shows it. */
export function viewOf(found: FoundProduct): FoundView {
  const { sku, title, category, image, currency, price, freight, rating } = found;
  return {
    sku,
    title,
    ...(category === undefined ? {} : { category }),
    ...(image === undefined ? {} : { image }),
    price: { amount: price, currency },
    freight: { amount: freight, currency },
    ...(rating === undefined || rating.count === 0
      ? {}
      : {
          rating: {
            count: rating.count,
            mean: Math.round((100 * rating.sum) / rating.count) / 100,
          },
        }),
  };
}

function chosen(view: FoundView, fields: readonly FoundField[]): FoundView {
  const wanted: ReadonlySet<string> = new Set(fields);
  return Object.fromEntries(Object.entries(view).filter(([name]) => wanted.has(name)));
}
