/**
 * What searching products needs from outside.
 */
import type { ProductChanged } from "#contracts/events/product-events";

/** A product as one of its changes left it; versions of a product count from 1. */
export type ProductVersion = { readonly version: number; readonly product: ProductChanged };

export type SearchFilter = {
  /** Any of these; empty: all. */
  readonly categories: readonly string[];
  /** Minor units, both ends included; another currency is not compared. */
  readonly price?: {
    readonly currency: string;
    readonly min?: number | undefined;
    readonly max?: number | undefined;
  };
  /** Mean stars, 1 to 5; what nobody has rated has none. */
  readonly ratingMin?: number;
};

export type SearchRequest = {
  /** Words, at most 200 characters; the last may be unfinished. Empty: everything. */
  readonly text: string;
  readonly filter: SearchFilter;
  readonly offset: number;
  readonly limit: number;
};

export type FoundProduct = Pick<
  ProductChanged,
  "sku" | "title" | "category" | "currency" | "price" | "freight" | "rating"
> & { readonly image?: string };

export type CategoryCount = { readonly category: string; readonly count: number };

/** Minor units; `to` is not in it, and absent in the highest. */
export type PriceBandCount = {
  readonly currency: string;
  readonly from: number;
  readonly to?: number;
  readonly count: number;
};

export type Found = {
  readonly total: number;
  readonly products: readonly FoundProduct[];
  /**
   * Of everything that the text finds, under the filters of the other kinds: what choosing another
   * value would give.
   */
  readonly facets: {
    /** The most frequent first, at most 50. */
    readonly categories: readonly CategoryCount[];
    readonly priceBands: readonly PriceBandCount[];
  };
};

/**
 * Contract, the same for every adapter (`test/contract/search-index-contract.ts`):
 * - A product is found when it has every word of the text, in its title, category, attributes or
 *   description; case and accents do not count. An unknown word of 4 letters stands for those one
 *   edit away, of 8 for two (neighbours that are swapped are one edit); an unfinished last word
 *   of 3 stands for those it begins.
 * - A text that is a SKU finds that product alone.
 * - Order: how well the text fits, raised by what buyers think of the product; ties by SKU. Without
 *   a text what buyers think decides.
 * - What one request costs has a bound, whatever the text is.
 * - Errors: `store-unavailable` (retry).
 */
export type SearchIndex = {
  search(request: SearchRequest): Promise<Found>;
  /** Of these SKUs those that are shown, in the order given. */
  show(skus: readonly string[]): Promise<readonly FoundProduct[]>;
  /** Texts that go on where this one stops, those with most products first. */
  suggest(text: string, limit: number): Promise<readonly string[]>;
};

/**
 * Contract: safe under concurrent writers, at least once and in any order.
 * - `apply` takes in of each product what is newer than what is there and takes deleted ones out;
 *   it answers how many changes were new.
 * - Errors: `conflict` (retry) when others are always first; `store-unavailable` (retry).
 */
export type SearchWriter = {
  apply(versions: readonly ProductVersion[]): Promise<number>;
};

/** What an index is rebuilt from. Contract: strongly consistent; deleted ones included. */
export type ProductSource = {
  /** Every product that is there from beginning to end, as it is at some moment meanwhile. */
  all(): AsyncIterable<ProductVersion>;
  /** Unknown ones are absent. */
  some(skus: readonly string[]): Promise<readonly ProductVersion[]>;
};

/**
 * Puts an index made from nothing but the source in the place of the old one, in one step; what
 * changes meanwhile is in it. Answers how many products it shows. Errors: as `SearchWriter`'s.
 */
export type SearchReplacer = {
  replace(source: ProductSource): Promise<number>;
};

export type Stored = { readonly tag: string; readonly bytes: Uint8Array };

/**
 * One object that is replaced as a whole. Contract: `read` is strongly consistent and answers
 * `unchanged` for the tag that is there; `write` takes effect only if the tag `replaces` is still
 * there (undefined: nothing is), and answers the new tag, or undefined when another was first.
 * Errors: `store-unavailable` (retry); after it a write may have taken effect.
 */
export type SnapshotStore = {
  read(known?: string): Promise<Stored | "unchanged" | undefined>;
  write(bytes: Uint8Array, replaces: string | undefined): Promise<string | undefined>;
};
