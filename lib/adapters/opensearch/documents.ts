/**
 * A product as a document of OpenSearch, and how the index reads it. A deleted product stays as a
 * mark with its version: OpenSearch forgets the versions of deleted documents after a minute.
 */
import { wordsOf } from "#kernel/words";
import type { FoundProduct, ProductVersion } from "#services/products/search-ports";

export type SearchDocument = {
  readonly shown: FoundProduct;
  readonly deleted: boolean;
  readonly title: string;
  readonly text: string;
  /** For suggestions: a text is analysed, these are whole. */
  readonly words: readonly string[];
  readonly sku: string;
  readonly category?: string;
  readonly currency: string;
  readonly price: number;
  readonly ratingMean?: number;
  readonly esteem: number;
};

const TEXT_CHARACTERS_MAX = 4_000;
/** As many ratings of the middle as a product gets for nothing, so that one 5 is not the best. */
const PRIOR_RATINGS = 5;
const MIDDLE_STARS = 3;

export function documentOf({ product }: ProductVersion): SearchDocument {
  const { sku, title, category, currency, price, freight, rating, attributes } = product;
  const [image] = product.images;
  const { count, sum } = rating ?? { count: 0, sum: 0 };
  const mean = (sum + PRIOR_RATINGS * MIDDLE_STARS) / (count + PRIOR_RATINGS);
  const details = Object.entries(attributes).map(([name, value]) => `${name} ${value}`);
  const text = [category ?? "", ...details, product.description ?? ""].join(" ");
  const shown = {
    sku,
    title,
    currency,
    price,
    freight,
    ...(category === undefined ? {} : { category }),
    ...(image === undefined ? {} : { image }),
    ...(rating === undefined ? {} : { rating }),
  };
  return {
    shown,
    deleted: product.deleted,
    title,
    text: text.slice(0, TEXT_CHARACTERS_MAX),
    words: [...new Set([...wordsOf(title), ...wordsOf(category ?? "")])],
    sku,
    ...(category === undefined ? {} : { category }),
    currency,
    price,
    ...(count === 0 ? {} : { ratingMean: sum / count }),
    esteem: 1 + 0.1 * (mean - MIDDLE_STARS) + 0.03 * Math.log2(1 + count),
  };
}

const keyword = { type: "keyword" } as const;
const words = { type: "text", analyzer: "words" } as const;

/** Not readonly, because the client's types are not. */
const FOLDED: string[] = ["lowercase", "asciifolding"];

/** Of the index, when it is made. Source: OpenSearch, "Create index" and "Text analysis". */
export const INDEX_BODY = {
  settings: {
    analysis: {
      analyzer: {
        words: { type: "custom", tokenizer: "standard", filter: FOLDED },
      },
    },
  },
  mappings: {
    dynamic: "strict",
    properties: {
      shown: { type: "object", enabled: false },
      deleted: { type: "boolean" },
      title: words,
      text: words,
      words: keyword,
      sku: keyword,
      category: keyword,
      currency: keyword,
      price: { type: "long" },
      ratingMean: { type: "double" },
      esteem: { type: "double" },
    },
  },
} as const;
