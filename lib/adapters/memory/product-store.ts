/**
 * The catalogue of a test; pages go by SKU.
 */
import type { Product, ProductStore } from "#services/products/ports";

export function memoryProductStore(): ProductStore {
  const bySku = new Map<string, Product>();
  return {
    get: async (sku) => bySku.get(sku),
    async page(limit, after) {
      const rest = [...bySku.keys()]
        .sort(byText)
        .filter((sku) => after === undefined || sku > after);
      const skus = rest.slice(0, limit);
      const products = skus.flatMap((sku) => bySku.get(sku) ?? []);
      return { products, next: rest.length > limit ? skus.at(-1) : undefined };
    },
    async put(products) {
      for (const product of products) bySku.set(product.sku, product);
    },
  };
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
