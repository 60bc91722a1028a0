/**
 * What the products service needs from outside.
 */
import type { Product, Rating } from "./domain/product.ts";
import type { Review } from "./domain/review.ts";

export type { Product, Rating } from "./domain/product.ts";
export { isPublished, type Review } from "./domain/review.ts";

/** Sort `newest` is by creation, the other two by price within a currency. */
export type ProductListRequest = {
  /** 1 to 100. */
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  readonly category?: string | undefined;
} & (
  | { readonly sort: "newest" }
  | {
      readonly sort: "price" | "-price";
      readonly currency: string;
      /** Minor units, both ends included. */
      readonly from?: number | undefined;
      readonly to?: number | undefined;
    }
);

export type ProductList = {
  readonly products: readonly Product[];
  /** The position after which the next page starts; absent on the last one. */
  readonly next: string | undefined;
};

/** At most so many at once, in `read` and `write`. */
export const PRODUCTS_AT_ONCE_MAX = 500;

/**
 * Contract (`test/contract/product-store-contract.ts`):
 * - `get` and `read` are strongly consistent and answer withdrawn products too.
 * - `write` stores each product only over the version before its own (1: over none), each SKU once.
 *   It answers the SKUs for which another version stood there; all others are written. What stands
 *   there already, to the last field, counts as written: the answer to it was lost.
 * - `list` is one query, shows every product that is not withdrawn exactly once while none is
 *   written, and may lag behind writes.
 * - Errors: `Failure`, action `retry`; after one of `write` any of them may be written.
 */
export type ProductStore = {
  get(sku: string): Promise<Product | undefined>;
  read(skus: readonly string[]): Promise<ReadonlyMap<string, Product>>;
  write(products: readonly Product[]): Promise<readonly string[]>;
  list(request: ProductListRequest): Promise<ProductList>;
};

/**
 * The categories that products have been given.
 * Contract: `add` of what is there changes nothing; `names` has no order. Errors as above.
 */
export type CategoryNames = {
  add(names: readonly string[]): Promise<void>;
  names(): Promise<readonly string[]>;
};

export type ReviewListRequest = {
  readonly sku: string;
  /** 1 to 100. */
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
};

export type ReviewList = {
  readonly reviews: readonly Review[];
  readonly next: string | undefined;
};

/**
 * Contract (`test/contract/review-store-contract.ts`):
 * - `get` is strongly consistent and answers what was taken back or hidden too.
 * - `write` stores a review only over the version before its own, and adds `change` to the stars of
 *   its product in the same step: both or neither, and with a change the product's next version.
 *   `refused`: another version stood there; `no-product`: there is none. What stands there already,
 *   to the last field, counts as written.
 * - `list` is one query, newest first, of what is published, and may lag behind writes.
 * - Errors: `Failure`, action `retry`.
 */
export type ReviewStore = {
  get(sku: string, reviewId: string): Promise<Review | undefined>;
  write(review: Review, change: Rating): Promise<"written" | "refused" | "no-product">;
  list(request: ReviewListRequest): Promise<ReviewList>;
};
