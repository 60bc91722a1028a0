/**
 * What was asked for, whichever of the two search routes it came by.
 */
import type { SearchBody, SearchQuery } from "#contracts/http/search";
import type { SearchPage } from "#services/products/search-products";

/** What a cursor is for, whichever of the two routes it came by; and the size of the page. */
export type Asked = Omit<SearchPage, "offset">;

export const asked = ({
  q,
  category,
  minPrice,
  maxPrice,
  currency,
  ...rest
}: SearchQuery): Asked => ({
  text: q,
  filter: {
    categories: category ?? [],
    ...(currency === undefined ? {} : { price: priceOf(currency, minPrice, maxPrice) }),
    ...ratingOf(rest.minRating),
  },
  limit: rest.limit,
  fields: rest.fields,
});

export const askedByBody = ({
  q,
  categories,
  price,
  minRating,
  limit,
  fields,
}: SearchBody): Asked => ({
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
