/**
 * Between a product as it is kept and the documents of the API.
 */
import type { ProductContent, ProductView } from "#contracts/http/products";
import { isoInstant } from "#kernel/units";
import type { Product, ProductFacts, Rating } from "./domain/product.ts";

export const productViewOf = (product: Product): ProductView => ({
  sku: product.sku,
  ...contentOf(product),
  ...(product.rating === undefined ? {} : { rating: ratingViewOf(product.rating) }),
  version: product.version,
  createdAt: isoInstant(product.createdAt),
  updatedAt: isoInstant(product.updatedAt),
});

/** The part that may be written. */
export const contentOf = (product: ProductFacts): ProductContent => ({
  title: product.title,
  ...(product.description === undefined ? {} : { description: product.description }),
  ...(product.category === undefined ? {} : { category: product.category }),
  price: { amount: product.price, currency: product.currency },
  freight: { amount: product.freight, currency: product.currency },
  ...(product.weightGrams === undefined ? {} : { weightGrams: product.weightGrams }),
  images: [...product.images],
  attributes: { ...product.attributes },
});

export const factsOfContent = (sku: string, content: ProductContent): ProductFacts => ({
  sku,
  title: content.title,
  ...(content.description === undefined ? {} : { description: content.description }),
  ...(content.category === undefined ? {} : { category: content.category }),
  images: content.images,
  currency: content.price.currency,
  price: content.price.amount,
  freight: content.freight.amount,
  ...(content.weightGrams === undefined ? {} : { weightGrams: content.weightGrams }),
  attributes: content.attributes,
});

/** Two decimals are as much as stars can say. */
const ratingViewOf = ({ count, sum }: Rating) => ({
  count,
  average: Math.round((sum / count) * 100) / 100,
});
