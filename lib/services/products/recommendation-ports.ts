/**
 * What recommending products needs from outside.
 */

export type Companion = {
  readonly sku: string;
  /** Confirmed orders that had both. */
  readonly orders: number;
};

/**
 * Contract (`test/contract/recommendations-contract.ts`): what was bought with a product, most
 * often first; eventually consistent. Errors: `Failure`, action `retry`.
 */
export type Recommendations = {
  boughtWith(sku: string, limit: number): Promise<readonly Companion[]>;
};

/** Contract: strongly consistent; empty when nothing is remembered of the order. */
export type Baskets = {
  read(orderId: string): Promise<readonly string[]>;
};

/** Contract: those of one call take effect together, and `count` adds to what is there. */
export type BasketWrite =
  | { readonly kind: "remember"; readonly orderId: string; readonly skus: readonly string[] }
  | { readonly kind: "count"; readonly sku: string; readonly other: string }
  | { readonly kind: "forget"; readonly orderId: string };
