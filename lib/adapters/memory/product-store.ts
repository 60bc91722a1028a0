/**
 * The catalogue of a test: a map, and the same contract as in DynamoDB.
 */
import { canonicalJson } from "#kernel/hash";
import type {
  CategoryNames,
  Product,
  ProductListRequest,
  ProductStore,
} from "#services/products/ports";

export function memoryProductStore(): ProductStore & CategoryNames {
  const bySku = new Map<string, Product>();
  const categories = new Set<string>();
  return {
    get: async (sku) => bySku.get(sku),
    read: async (skus) => new Map(skus.flatMap((sku) => present(bySku.get(sku)))),
    async write(products) {
      return products.flatMap((product) => {
        const standing = bySku.get(product.sku);
        if (canonicalJson(standing) === canonicalJson(product)) return [];
        if ((standing?.version ?? 0) !== product.version - 1) return [product.sku];
        bySku.set(product.sku, product);
        return [];
      });
    },
    async list(request) {
      const rises = request.sort === "price";
      const isAfter = (key: string): boolean =>
        request.after === undefined || (rises ? key > request.after : key < request.after);
      const sorted = [...bySku.values()]
        .filter((product) => isListed(product, request))
        .map((product) => ({ product, key: keyOf(product, request) }))
        .sort((a, b) => (a.key < b.key === rises ? -1 : 1));
      const rest = sorted.filter(({ key }) => isAfter(key));
      const page = rest.slice(0, request.limit);
      const next = rest.length > page.length ? page.at(-1)?.key : undefined;
      return { products: page.map(({ product }) => product), next };
    },
    add: async (names) => names.forEach((name) => categories.add(name)),
    names: async () => [...categories],
  };
}

const present = (product: Product | undefined): [string, Product][] =>
  product === undefined ? [] : [[product.sku, product]];

function isListed(product: Product, request: ProductListRequest): boolean {
  if (product.deleted) return false;
  if (request.category !== undefined && request.category !== product.category) return false;
  if (request.sort === "newest") return true;
  const { currency, from = 0, to = Number.MAX_SAFE_INTEGER } = request;
  return product.currency === currency && product.price >= from && product.price <= to;
}

/** Sorts as the number does, and by SKU where that is the same. */
const keyOf = ({ sku, price, createdAt }: Product, { sort }: ProductListRequest): string =>
  `${String(sort === "newest" ? createdAt : price).padStart(16, "0")}#${sku}`;
