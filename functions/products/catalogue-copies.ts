/**
 * What of the catalogue is shown from copies: single products, and the names of categories. Lists
 * are not: each is one query, and hardly two are alike. Nothing is priced from here.
 */
import type { CopyKind } from "#contracts/cache";
import { categoryList, type CategoryList, productView } from "#contracts/http/products";
import { type ReadThrough, readThrough, type ReadThroughOptions } from "#runtime/read-through";
import { type ShownProduct, shownProduct } from "#services/products/get-product";
import { listCategories } from "#services/products/list-categories";
import type { CategoryNames, ProductStore } from "#services/products/ports";

export type CatalogueCopies = {
  readonly products: ReadThrough<ShownProduct>;
  readonly categories: ReadThrough<CategoryList>;
};

export type CopiesOptions = Pick<
  ReadThroughOptions<unknown>,
  "layers" | "now" | "random" | "count"
>;

export type Truth = {
  readonly products: Pick<ProductStore, "get">;
  readonly categories: Pick<CategoryNames, "names">;
};

export function catalogueCopies(truth: Truth, options: CopiesOptions): CatalogueCopies {
  const products = readThrough<ShownProduct>({
    ...options,
    kind: "product" satisfies CopyKind,
    async read(sku) {
      const product = await truth.products.get(sku);
      if (product === undefined) return undefined;
      return { version: product.version, value: shownProduct(product) };
    },
    open: (document) => (document === null ? null : asWritten(productView, document)),
  });
  const categories = readThrough<CategoryList>({
    ...options,
    kind: "categories",
    async read() {
      const value = await listCategories(truth);
      // Names are only ever added: the more, the newer.
      return { version: value.categories.length, value };
    },
    open: (document) => asWritten(categoryList, document),
  });
  return { products, categories };
}

type Schema<Document> = {
  safeParse(value: unknown): { success: true; data: Document } | { success: false };
};

/** In the order in which it was written: the entity tag is of its bytes. */
const asWritten = <Document>(schema: Schema<Document>, document: unknown): Document | undefined =>
  schema.safeParse(document).success ? (document as Document) : undefined;
