/**
 * Who changes a product through a function sees his change where that function shows products.
 */
import { shownProduct } from "#services/products/get-product";
import type { ProductStore } from "#services/products/ports";
import type { CatalogueCopies } from "./catalogue-copies.ts";

/** The same store; what was written through it is what copies show from then on. */
export const rememberingWrites = <Store extends Pick<ProductStore, "write">>(
  store: Store,
  copies: Pick<CatalogueCopies, "products">,
): Store => ({
  ...store,
  async write(products) {
    const refused = await store.write(products);
    const written = products.filter(({ sku }) => !refused.includes(sku));
    const kept = written.map((product) =>
      copies.products.put(product.sku, {
        version: product.version,
        value: shownProduct(product),
      }),
    );
    await Promise.all(kept);
    return refused;
  },
});
