/**
 * What a text means against the words that there are, and how it is searched at a bounded cost:
 * rare words are scored by the index, words that very many products have only narrow.
 */
import { type Catalogue, HAS } from "./catalogue.ts";
import { wordsOf } from "#kernel/words";

/** A word of the index that one of the text may stand for. */
export type Meant = { readonly word: string; readonly products: number; readonly weight: number };

/** All that one word of the text may mean; a product has to have one of them. */
export type Meaning = readonly Meant[];

export type QueryPlan = {
  /** The index scores them: together they have at most `SCORED_MAX` entries. */
  readonly scored: readonly Meaning[];
  /** They only narrow. */
  readonly narrowing: readonly Meaning[];
};

/** The first distinct ones; a text of more is nobody's search. */
export const WORDS_MAX = 12;
/** Entries that one search scores: some milliseconds. */
const SCORED_MAX = 2_500;
const MEANINGS_MAX = 8;
/** Words looked at to complete an unfinished one. */
const COMPLETIONS_LOOKED_AT_MAX = 2_000;
const UNFINISHED_CHARACTERS_MIN = 3;

const WEIGHTS = { exact: 1, completed: 0.6, corrected: 0.5 } as const;

/** Undefined when a word means nothing here: no product has them all. */
export function planOf(catalogue: Catalogue, text: string): QueryPlan | undefined {
  const distinct = [...new Set(wordsOf(text))].slice(0, WORDS_MAX);
  const meanings = distinct.map((word, at) =>
    meaningOf(catalogue, word, at === distinct.length - 1),
  );
  if (meanings.some((meaning) => meaning.length === 0)) return undefined;
  const scored: Meaning[] = [];
  const narrowing: Meaning[] = [];
  let entries = 0;
  for (const meaning of meanings.toSorted((a, b) => sizeOf(a) - sizeOf(b))) {
    entries += sizeOf(meaning);
    const isRare = entries <= SCORED_MAX;
    if (isRare) scored.push(meaning);
    else narrowing.push(meaning);
  }
  return { scored, narrowing };
}

const sizeOf = (meaning: Meaning): number =>
  meaning.reduce((sum, { products }) => sum + products, 0);

/** Itself, and what it may begin; only an unknown word is taken for a typing error. */
export function meaningOf({ words }: Catalogue, word: string, mayBeUnfinished: boolean): Meaning {
  const products = words.get(word);
  const exact = products === undefined ? [] : [{ word, products, weight: WEIGHTS.exact }];
  const longer = mayBeUnfinished && word.length >= UNFINISHED_CHARACTERS_MIN;
  const completed = longer ? completions(words, word) : [];
  const found = [...exact, ...completed.slice(0, MEANINGS_MAX)];
  return found.length > 0 ? found : corrections(words, word);
}

/** Those of the most products first. */
export function completions(words: Catalogue["words"], beginning: string): readonly Meant[] {
  const found: Meant[] = [];
  let looked = 0;
  for (const [word, products] of words.atPrefix(beginning).entries()) {
    if (word !== beginning) found.push({ word, products, weight: WEIGHTS.completed });
    looked += 1;
    if (looked === COMPLETIONS_LOOKED_AT_MAX) break;
  }
  return found.sort(byProducts);
}

/** One edit from 4 characters on, two from 8; the nearest only. */
function corrections(words: Catalogue["words"], word: string): readonly Meant[] {
  const editsMax = word.length >= 8 ? 2 : word.length >= 4 ? 1 : 0;
  if (editsMax === 0) return [];
  const found = [...words.fuzzyGet(word, editsMax)].map(([near, [products, edits]]) => ({
    meant: { word: near, products, weight: WEIGHTS.corrected / edits },
    edits,
  }));
  for (const near of swapsOf(word)) {
    const products = words.get(near);
    if (products === undefined) continue;
    found.push({ meant: { word: near, products, weight: WEIGHTS.corrected }, edits: 1 });
  }
  const nearest = Math.min(...found.map(({ edits }) => edits));
  return found
    .filter(({ edits }) => edits === nearest)
    .map(({ meant }) => meant)
    .sort(byProducts)
    .slice(0, MEANINGS_MAX);
}

/** Two neighbours in the wrong order, the most common error of all, count as one edit. */
const swapsOf = (word: string): readonly string[] =>
  Array.from(word.slice(1), (second, at) => {
    return `${word.slice(0, at)}${second}${word.charAt(at)}${word.slice(at + 2)}`;
  }).filter((swapped) => swapped !== word);

const byProducts = (a: Meant, b: Meant): number =>
  b.products - a.products || (a.word < b.word ? -1 : 1);

/** Where each place has one of the words, as in `HAS`. */
export function membersOf({ index, bySku, members, products }: Catalogue, meaning: Meaning) {
  const having = new Uint8Array(products.length);
  for (const { word } of meaning) {
    const frequent = members.get(word);
    if (frequent === undefined) {
      // Few enough to be scored: only frequent ones are known by place.
      for (const { id } of index.search(word)) {
        const place = bySku.get(String(id))?.place;
        if (place !== undefined) having[place] = Math.max(having[place] ?? 0, HAS.inText);
      }
    } else {
      for (let place = 0; place < having.length; place += 1) {
        having[place] = Math.max(having[place] ?? 0, frequent[place] ?? 0);
      }
    }
  }
  return having;
}
