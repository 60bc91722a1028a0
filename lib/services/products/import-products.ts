/**
 * Loads products into the catalogue; loading the same again changes nothing.
 */
import type { ImportAnswer, ImportProducts } from "#contracts/operator";
import type { Product, ProductStore } from "./ports.ts";

/**
 * The last of several with one SKU counts. Errors: what the store throws; then some may have been
 * written.
 */
export async function importIntoCatalogue(
  { products }: { readonly products: ProductStore },
  request: ImportProducts,
): Promise<ImportAnswer> {
  const bySku = new Map(request.products.map((given) => [given.sku, productOf(given)]));
  await products.put([...bySku.values()]);
  return { written: bySku.size };
}

const productOf = (given: ImportProducts["products"][number]): Product => ({
  sku: given.sku,
  currency: given.currency,
  price: given.price,
  freight: given.freight,
  ...(given.category === undefined ? {} : { category: given.category }),
  ...(given.weightGrams === undefined ? {} : { weightGrams: given.weightGrams }),
});
