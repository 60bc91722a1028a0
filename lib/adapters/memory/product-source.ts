/**
 * A source of products in memory, as it is at each question.
 */
import type { ProductSource, ProductVersion } from "#services/products/search-ports";

export const memoryProductSource = (now: () => readonly ProductVersion[]): ProductSource => ({
  async *all() {
    yield* now();
  },
  some: async (skus) => now().filter(({ product }) => skus.includes(product.sku)),
});
