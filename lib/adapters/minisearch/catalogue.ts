/**
 * A snapshot in memory, with what a search needs to know about words before it runs: how many
 * products each has, and which ones have the frequent ones.
 */
import MiniSearch from "minisearch";
import SearchableMap from "minisearch/SearchableMap";
import type { FoundProduct } from "#services/products/search-ports";
import type { Snapshot, SnapshotProduct } from "./snapshot.ts";
import { INDEX_OPTIONS, type Indexed } from "./indexed.ts";

export type Placed = {
  readonly product: FoundProduct;
  /** What buyers think of it, around 1. */
  readonly esteem: number;
  /** In `products`. */
  readonly place: number;
};

export type Catalogue = {
  readonly index: MiniSearch<Indexed>;
  /** The most esteemed first, then by SKU. */
  readonly products: readonly Placed[];
  readonly bySku: ReadonlyMap<string, Placed>;
  /** How many products have a word. */
  readonly words: SearchableMap<number>;
  /** Of words with more than `FREQUENT` products: at each product's place whether it has it. */
  readonly members: ReadonlyMap<string, Uint8Array>;
};

/** Where a product has a word; better is more. */
export const HAS = { nowhere: 0, inText: 1, inTitle: 2 } as const;

const FREQUENT = 500;

export function catalogueOf({ products: shown, index }: Snapshot): Catalogue {
  const products = shown
    .map((product) => ({ product: withoutVersion(product), esteem: esteemOf(product) }))
    .sort((a, b) => b.esteem - a.esteem || bySkus(a.product, b.product))
    .map((placed, place) => ({ ...placed, place }));
  const bySku = new Map(products.map((placed) => [placed.product.sku, placed]));
  const words = new SearchableMap<number>();
  const members = new Map<string, Uint8Array>();
  for (const [word, fields] of index.index) {
    const fieldsWith = Object.entries(fields).map(
      ([field, entries]) => [Number(field), Object.keys(entries)] as const,
    );
    const count = fieldsWith.reduce((sum, [, ids]) => sum + ids.length, 0);
    words.set(word, count);
    if (count <= FREQUENT) continue;
    const having = new Uint8Array(products.length);
    for (const [field, ids] of fieldsWith) {
      const where = field === index.fieldIds["title"] ? HAS.inTitle : HAS.inText;
      for (const id of ids) {
        // Products that were taken out may still have entries.
        const place = bySku.get(String(index.documentIds[id]))?.place;
        if (place !== undefined) having[place] = where;
      }
    }
    members.set(word, having);
  }
  return { index: MiniSearch.loadJS(index, INDEX_OPTIONS), products, bySku, words, members };
}

export const bySkus = (a: FoundProduct, b: FoundProduct): number =>
  a.sku < b.sku ? -1 : a.sku > b.sku ? 1 : 0;

/** As many ratings of the middle as a product gets for nothing, so that one 5 is not the best. */
const PRIOR_RATINGS = 5;
const MIDDLE_STARS = 3;
const PER_STAR = 0.1;
const PER_DOUBLING = 0.03;

/** Mean stars, drawn to the middle while they are few; and how many there are. */
function esteemOf({ rating = { count: 0, sum: 0 } }: FoundProduct): number {
  const mean = (rating.sum + PRIOR_RATINGS * MIDDLE_STARS) / (rating.count + PRIOR_RATINGS);
  return 1 + PER_STAR * (mean - MIDDLE_STARS) + PER_DOUBLING * Math.log2(1 + rating.count);
}

function withoutVersion({ version: _version, ...shown }: SnapshotProduct): FoundProduct {
  return shown;
}
