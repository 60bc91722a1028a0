/**
 * A product as the API shows it.
 */
import type { ProductView } from "#contracts/http/products";
import type { Product } from "./ports.ts";

export const productViewOf = (product: Product): ProductView => ({
  sku: product.sku,
  ...(product.category === undefined ? {} : { category: product.category }),
  price: { amount: product.price, currency: product.currency },
  freight: { amount: product.freight, currency: product.currency },
  ...(product.weightGrams === undefined ? {} : { weightGrams: product.weightGrams }),
});
