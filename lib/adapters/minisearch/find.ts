/**
 * One search over a catalogue in memory: candidates in their order, then what the filters leave of
 * them, counted for the facets on the way.
 */
import type { Query } from "minisearch";
import type { Found, FoundProduct, SearchRequest } from "#services/products/search-ports";
import { bySkus, type Catalogue, HAS, type Placed } from "./catalogue.ts";
import { facetCounts } from "./facets.ts";
import { completions, type Meaning, meaningOf, membersOf, planOf } from "./query-plan.ts";
import { wordsOf } from "#kernel/words";

export function find(catalogue: Catalogue, request: SearchRequest): Found {
  const { filter, offset, limit } = request;
  const facets = facetCounts(filter);
  const products: FoundProduct[] = [];
  let total = 0;
  for (const { product } of candidates(catalogue, request.text)) {
    if (!facets.count(product)) continue;
    if (total >= offset && products.length < limit) products.push(product);
    total += 1;
  }
  return { total, products, facets: facets.counted() };
}

/** Best first. */
function candidates(catalogue: Catalogue, text: string): readonly Placed[] {
  const asSku = catalogue.bySku.get(text.trim());
  if (asSku !== undefined) return [asSku];
  const plan = planOf(catalogue, text);
  if (plan === undefined) return [];
  const narrowing = plan.narrowing.map((meaning) => membersOf(catalogue, meaning));
  const isWithin = ({ place }: Placed): boolean =>
    narrowing.every((having) => having[place] !== HAS.nowhere);
  if (plan.scored.length + narrowing.length === 0) return catalogue.products;
  if (plan.scored.length === 0) return byTitles(catalogue.products.filter(isWithin), narrowing);
  return ranked(catalogue, plan.scored).filter(isWithin);
}

/** Those with most of the words in their titles first; among equals as they were. */
function byTitles(
  products: readonly Placed[],
  narrowing: readonly Uint8Array[],
): readonly Placed[] {
  const tiers: Placed[][] = Array.from({ length: narrowing.length + 1 }, () => []);
  for (const placed of products) {
    const inTitle = narrowing.filter((having) => having[placed.place] === HAS.inTitle).length;
    tiers[narrowing.length - inTitle]?.push(placed);
  }
  return tiers.flat();
}

function ranked({ index, bySku }: Catalogue, scored: readonly Meaning[]): readonly Placed[] {
  const query: Query = { combineWith: "AND", queries: scored.map(anyOf) };
  return index
    .search(query)
    .flatMap(({ id, score }) => {
      const placed = bySku.get(String(id));
      return placed === undefined ? [] : [{ placed, score: score * placed.esteem }];
    })
    .sort((a, b) => b.score - a.score || bySkus(a.placed.product, b.placed.product))
    .map(({ placed }) => placed);
}

const anyOf = (meaning: Meaning): Query => ({
  combineWith: "OR",
  queries: meaning.map(({ word, weight }) => ({ queries: [word], boostTerm: () => weight })),
});

/** Finished words stay, a mistyped one is put right; the last is completed. */
export function goOn({ words, ...rest }: Catalogue, text: string, limit: number): string[] {
  const given = wordsOf(text);
  const last = given.at(-1);
  if (last === undefined || last.length < COMPLETED_CHARACTERS_MIN) return [];
  const before = given.slice(0, -1).map((word) => {
    const [meant] = meaningOf({ words, ...rest }, word, false);
    return meant?.word ?? word;
  });
  const exact = words.get(last) === undefined ? [] : [last];
  const longer = completions(words, last).map(({ word }) => word);
  const found = [...exact, ...longer];
  const ends = found.length > 0 ? found : mistyped({ words, ...rest }, last);
  return ends.slice(0, limit).map((word) => [...before, word].join(" "));
}

const COMPLETED_CHARACTERS_MIN = 2;

const mistyped = (catalogue: Catalogue, word: string): readonly string[] =>
  meaningOf(catalogue, word, false).map((meant) => meant.word);
