/**
 * The catalogue of a test: the prices it was given.
 */
import type { Catalogue, CataloguePrice } from "#services/orders/ports";

export function memoryCatalogue(prices: readonly CataloguePrice[]): Catalogue {
  const bySku = new Map(prices.map((price) => [price.sku, price]));
  return {
    prices: async (skus) => new Map(skus.flatMap((sku) => present(sku, bySku.get(sku)))),
  };
}

const present = (sku: string, price: CataloguePrice | undefined): [string, CataloguePrice][] =>
  price === undefined ? [] : [[sku, price]];
