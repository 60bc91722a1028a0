/**
 * Filters and facets in one walk: a product counts for a facet when it passes the filters of all
 * other kinds, so that each count says what choosing that value would find.
 */
import { PRICE_BANDS } from "#contracts/http/search";
import type {
  CategoryCount,
  Found,
  FoundProduct,
  PriceBandCount,
  SearchFilter,
} from "#services/products/search-ports";

export type FacetCounts = {
  /** Answers whether the product passes all filters. */
  count(product: FoundProduct): boolean;
  counted(): Found["facets"];
};

const CATEGORIES_MAX = 50;

export function facetCounts({ categories, price, ratingMin }: SearchFilter): FacetCounts {
  const wanted = new Set(categories);
  const byCategory = new Map<string, number>();
  const byCurrency = new Map<string, number[]>();

  const isOfCategory = ({ category }: FoundProduct): boolean =>
    wanted.size === 0 || (category !== undefined && wanted.has(category));
  const isOfPrice = (product: FoundProduct): boolean =>
    price === undefined ||
    (product.currency === price.currency &&
      product.price >= (price.min ?? 0) &&
      product.price <= (price.max ?? Number.MAX_SAFE_INTEGER));
  const isOfRating = ({ rating }: FoundProduct): boolean =>
    ratingMin === undefined ||
    (rating !== undefined && rating.count > 0 && rating.sum >= ratingMin * rating.count);

  const countBand = (product: FoundProduct): void => {
    const counts = byCurrency.get(product.currency) ?? PRICE_BANDS.map(() => 0);
    let band = PRICE_BANDS.length - 1;
    while (band > 0 && product.price < (PRICE_BANDS[band] ?? 0)) band -= 1;
    counts[band] = (counts[band] ?? 0) + 1;
    byCurrency.set(product.currency, counts);
  };

  return {
    count(product) {
      if (!isOfRating(product)) return false;
      const [ofCategory, ofPrice] = [isOfCategory(product), isOfPrice(product)];
      const { category } = product;
      if (ofPrice && category !== undefined) {
        byCategory.set(category, (byCategory.get(category) ?? 0) + 1);
      }
      if (ofCategory) countBand(product);
      return ofCategory && ofPrice;
    },

    counted: () => ({
      categories: [...byCategory]
        .map(([category, count]): CategoryCount => ({ category, count }))
        .sort((a, b) => b.count - a.count || (a.category < b.category ? -1 : 1))
        .slice(0, CATEGORIES_MAX),
      priceBands: [...byCurrency]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .flatMap(([currency, counts]) => bandsOf(currency, counts)),
    }),
  };
}

const bandsOf = (currency: string, counts: readonly number[]): readonly PriceBandCount[] =>
  counts.flatMap((count, band) => {
    if (count === 0) return [];
    const to = PRICE_BANDS[band + 1];
    const from = PRICE_BANDS[band] ?? 0;
    return [{ currency, from, ...(to === undefined ? {} : { to }), count }];
  });
