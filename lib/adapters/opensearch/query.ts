/**
 * A search in OpenSearch's query language. The text only ever becomes values, never syntax.
 */
import { PRICE_BANDS } from "#contracts/http/search";
import { wordsOf } from "#kernel/words";
import type { SearchFilter, SearchRequest } from "#services/products/search-ports";

/** The first distinct ones; a text of more is nobody's search. */
const WORDS_MAX = 12;
const CATEGORIES_MAX = 50;
const CURRENCIES_MAX = 20;
const UNFINISHED_CHARACTERS_MIN = 3;
const FIELDS = ["title^3", "text"] as const;

const STANDING = { term: { deleted: false } } as const;

export function searchBody({ text, filter, offset, limit }: SearchRequest) {
  const [ofCategory, ofPrice] = [categoryClauses(filter), priceClauses(filter)];
  return {
    from: offset,
    size: limit,
    track_total_hits: true,
    _source: ["shown"],
    query: {
      function_score: {
        query: {
          bool: {
            filter: [STANDING, ...ratingClauses(filter)],
            must: [{ bool: { should: textClauses(text), minimum_should_match: 1 } }],
          },
        },
        field_value_factor: { field: "esteem", missing: 1 },
        boost_mode: "multiply",
      },
    },
    // After the facets are counted: each of them leaves its own kind of filter out.
    post_filter: { bool: { filter: [...ofCategory, ...ofPrice] } },
    sort: [{ _score: "desc" }, { sku: "asc" }],
    aggs: {
      categories: {
        filter: { bool: { filter: ofPrice } },
        aggs: {
          values: {
            terms: {
              field: "category",
              size: CATEGORIES_MAX,
              order: [{ _count: "desc" }, { _key: "asc" }],
            },
          },
        },
      },
      prices: {
        filter: { bool: { filter: ofCategory } },
        aggs: {
          currencies: {
            terms: { field: "currency", size: CURRENCIES_MAX, order: { _key: "asc" } },
            aggs: { bands: { range: { field: "price", ranges: RANGES } } },
          },
        },
      },
    },
  };
}

/** The SKU itself, or every word; the last may be unfinished. */
function textClauses(text: string): readonly object[] {
  const given = [...new Set(wordsOf(text))].slice(0, WORDS_MAX);
  if (given.length === 0) return [{ match_all: {} }];
  const every = given.map((word, at) => wordClause(word, at === given.length - 1));
  return [{ term: { sku: text.trim() } }, { bool: { must: every } }];
}

function wordClause(word: string, mayBeUnfinished: boolean): object {
  const written = { multi_match: { query: word, fields: FIELDS, fuzziness: "AUTO:4,8" } };
  if (!mayBeUnfinished || word.length < UNFINISHED_CHARACTERS_MIN) return written;
  const begun = { multi_match: { query: word, fields: FIELDS, type: "phrase_prefix", boost: 0.6 } };
  return { dis_max: { queries: [written, begun] } };
}

const categoryClauses = ({ categories }: SearchFilter): readonly object[] =>
  categories.length === 0 ? [] : [{ terms: { category: categories } }];

function priceClauses({ price }: SearchFilter): readonly object[] {
  if (price === undefined) return [];
  const { currency, min, max } = price;
  const range = {
    ...(min === undefined ? {} : { gte: min }),
    ...(max === undefined ? {} : { lte: max }),
  };
  return [{ term: { currency } }, { range: { price: range } }];
}

const ratingClauses = ({ ratingMin }: SearchFilter): readonly object[] =>
  ratingMin === undefined ? [] : [{ range: { ratingMean: { gte: ratingMin } } }];

const RANGES = PRICE_BANDS.map((from, band) => {
  const to = PRICE_BANDS[band + 1];
  return to === undefined ? { from } : { from, to };
});

/** Words that go on where the last one stops; they have letters and digits only. */
export function suggestBody(last: string, limit: number) {
  return {
    size: 0,
    query: { bool: { filter: [STANDING, { prefix: { words: last } }] } },
    aggs: { words: { terms: { field: "words", include: `${last}.*`, size: limit } } },
  };
}

export const showBody = (skus: readonly string[]) => ({
  size: skus.length,
  _source: ["shown"],
  query: { bool: { filter: [STANDING, { terms: { sku: skus } }] } },
});
