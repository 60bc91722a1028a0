/**
 * The catalogue, a page at a time.
 */
import type { ListProductsQuery, ProductField, ProductView } from "#contracts/http/products";
import type { ProductListRequest, ProductStore } from "./ports.ts";
import { productViewOf } from "./view.ts";

type Shown = Pick<ProductView, "sku"> & Partial<ProductView>;

export type ListedProducts = {
  readonly products: readonly Shown[];
  /** The position after which the next page starts; absent on the last one. */
  readonly next: string | undefined;
};

/** @param after the `next` of the page before. Errors: what the store throws. */
export async function listProducts(
  { products }: { readonly products: Pick<ProductStore, "list"> },
  query: ListProductsQuery,
  after: string | undefined,
): Promise<ListedProducts> {
  const page = await products.list(requestOf(query, after));
  return {
    products: page.products.map((product) => shown(productViewOf(product), query.fields)),
    next: page.next,
  };
}

function requestOf(query: ListProductsQuery, after: string | undefined): ProductListRequest {
  const { limit, category, sort, currency = "" } = query;
  const page = { limit, after, category };
  if (sort === "newest") return { ...page, sort };
  return { ...page, sort, currency, from: query["price[gte]"], to: query["price[lte]"] };
}

function shown(view: ProductView, fields: readonly ProductField[] | undefined): Shown {
  if (fields === undefined) return view;
  const wanted = Object.entries(view).filter(([name]) => fields.some((field) => field === name));
  return { sku: view.sku, ...Object.fromEntries(wanted) };
}
