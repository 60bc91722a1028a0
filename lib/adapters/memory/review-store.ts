/**
 * The reviews of a test: a map, and the stars of the products beside them.
 */
import { canonicalJson } from "#kernel/hash";
import {
  isPublished,
  type ProductStore,
  type Rating,
  type Review,
  type ReviewStore,
} from "#services/products/ports";

export function memoryReviewStore(products: Pick<ProductStore, "get" | "write">): ReviewStore {
  const byKey = new Map<string, Review>();
  const keyOf = (sku: string, reviewId: string): string => `${sku}#${reviewId}`;

  /** One after the other: a transaction is one step. */
  let last: Promise<unknown> = Promise.resolve();

  const addStars = async (review: Review, change: Rating): Promise<boolean> => {
    const product = await products.get(review.sku);
    if (product === undefined) return false;
    const { count, sum } = product.rating ?? { count: 0, sum: 0 };
    const rating = { count: count + change.count, sum: sum + change.sum };
    const { rating: _before, ...rest } = product;
    const version = product.version + 1;
    const stars = rating.count === 0 ? {} : { rating };
    const starred = { ...rest, ...stars, version, updatedAt: review.updatedAt };
    await products.write([starred]);
    return true;
  };

  const writeBoth: ReviewStore["write"] = async (review, change) => {
    const key = keyOf(review.sku, review.reviewId);
    const standing = byKey.get(key);
    if (canonicalJson(standing) === canonicalJson(review)) return "written";
    if ((standing?.version ?? 0) !== review.version - 1) return "refused";
    const hasChange = change.count !== 0 || change.sum !== 0;
    byKey.set(key, review);
    if (!hasChange || (await addStars(review, change))) return "written";
    if (standing === undefined) byKey.delete(key);
    else byKey.set(key, standing);
    return "no-product";
  };

  return {
    get: async (sku, reviewId) => byKey.get(keyOf(sku, reviewId)),

    write(review, change) {
      const written = last.then(() => writeBoth(review, change));
      last = written.catch(() => undefined);
      return written;
    },

    async list({ sku, limit, after }) {
      const rest = [...byKey.values()]
        .filter((review) => review.sku === sku && isPublished(review))
        .map((review) => ({ review, key: positionOf(review) }))
        .sort((a, b) => (a.key < b.key ? 1 : -1))
        .filter(({ key }) => after === undefined || key < after);
      const page = rest.slice(0, limit);
      const next = rest.length > page.length ? page.at(-1)?.key : undefined;
      return { reviews: page.map(({ review }) => review), next };
    },
  };
}

const positionOf = ({ createdAt, reviewId }: Review): string =>
  `${String(createdAt).padStart(13, "0")}#${reviewId}`;
