/**
 * What MiniSearch indexes of a product, and how.
 */
import type { Options } from "minisearch";
import { wordsOf } from "#kernel/words";

/** Of a product's description and attributes; what stands behind it is not looked up. */
const TEXT_CHARACTERS_MAX = 4_000;

/** Of a product: no word is in both fields, so a word's products are counted once. */
export type Indexed = { readonly sku: string; readonly title: string; readonly text: string };

export function indexed(sku: string, title: string, ...texts: readonly string[]): Indexed {
  const inTitle = new Set(wordsOf(title));
  const rest = wordsOf(texts.join(" ").slice(0, TEXT_CHARACTERS_MAX));
  const text = rest.filter((word) => !inTitle.has(word)).join(" ");
  return { sku, title, text };
}

const tokenize = (text: string): string[] => [...wordsOf(text)];

export const INDEX_OPTIONS: Options<Indexed> = {
  idField: "sku",
  fields: ["title", "text"],
  tokenize,
  processTerm: (term) => term,
  // The writer says when; in the background it would run between two requests, or never.
  autoVacuum: false,
  searchOptions: {
    boost: { title: 3 },
    prefix: false,
    fuzzy: false,
    // What is searched for are words already.
    tokenize: (word) => [word],
  },
};
