/**
 * Reviews of a product as anybody sees them: pages of the newest, and one with a strong ETag.
 */
import { entityTag, matchesEntityTag } from "#adapters/http/entity-tag";
import type { SignedCursors } from "#adapters/http/signed-cursor";
import { listReviewsQuery, type ReviewPage } from "#contracts/http/reviews";
import { type HttpRoute, route } from "#runtime/http-route";
import type { ReviewStore } from "#services/products/ports";
import { getReview, listReviews } from "#services/products/read-reviews";
import { REVALIDATED } from "./caching.ts";
import { linkToNext } from "./link.ts";

export type ReviewReads = {
  readonly reviews: Pick<ReviewStore, "get" | "list">;
  readonly cursors: SignedCursors;
};

const LIST = "GET /v1/products/{sku}/reviews";

export function reviewReadRoutes(ports: ReviewReads): readonly HttpRoute[] {
  const { cursors } = ports;
  const list = route({
    route: LIST,
    querySchema: listReviewsQuery,
    async handle({ path, query }) {
      const { limit, cursor } = query;
      const sku = path["sku"] ?? "";
      const binding = { route: LIST, sku };
      const after = cursor === undefined ? undefined : await cursors.open(binding, cursor);
      const page = await listReviews(ports, { sku, limit, after });
      const reviews = [...page.reviews];
      if (page.next === undefined) return { status: 200, body: { reviews }, headers: REVALIDATED };
      const next = await cursors.seal(binding, page.next);
      const body: ReviewPage = { reviews, next };
      return { status: 200, body, headers: { ...REVALIDATED, link: linkToNext(query, next) } };
    },
  });
  const one = route({
    route: "GET /v1/products/{sku}/reviews/{reviewId}",
    async handle({ path, headers }) {
      const body = await getReview(ports, path["sku"] ?? "", path["reviewId"] ?? "");
      const tagged = { ...REVALIDATED, etag: entityTag(body) };
      const unchanged = matchesEntityTag(headers["if-none-match"], tagged.etag);
      return unchanged ? { status: 304, headers: tagged } : { status: 200, body, headers: tagged };
    },
  });
  return [list, one];
}
