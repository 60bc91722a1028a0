/**
 * What the products service needs from outside.
 */

export type Product = {
  readonly sku: string;
  readonly category?: string;
  readonly currency: string;
  /** Minor units. */
  readonly price: number;
  readonly freight: number;
  readonly weightGrams?: number;
};

/**
 * Contract: `put` creates or replaces, at most 500 at once; `page` visits every product exactly
 * once while none is written.
 */
export type ProductStore = {
  get(sku: string): Promise<Product | undefined>;
  page(
    limit: number,
    after: string | undefined,
  ): Promise<{
    readonly products: readonly Product[];
    readonly next: string | undefined;
  }>;
  put(products: readonly Product[]): Promise<void>;
};
