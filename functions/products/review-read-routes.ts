/**
 * Reviews of a product as anybody sees them: pages of the newest, and one with a strong ETag.
 */
import { nextPage, startOf } from "#adapters/http/next-page";
import type { SignedCursors } from "#adapters/http/signed-cursor";
import { listReviewsQuery } from "#contracts/http/reviews";
import { type HttpRoute, route } from "#runtime/http-route";
import type { ReviewStore } from "#services/products/ports";
import { getReview, listReviews } from "#services/products/read-reviews";
import { representation, REVALIDATED } from "./representation.ts";

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
      const sku = path["sku"] ?? "";
      const paging = { cursors, binding: { route: LIST, sku }, query };
      const asked = { sku, limit: query.limit, ...(await startOf(paging)) };
      const page = await listReviews(ports, asked);
      const { headers, ...next } = await nextPage(paging, page.next);
      const body = { reviews: page.reviews, ...next };
      return { status: 200, body, headers: { ...REVALIDATED, ...headers } };
    },
  });
  const one = route({
    route: "GET /v1/products/{sku}/reviews/{reviewId}",
    handle: async ({ path, headers }) =>
      representation(await getReview(ports, path["sku"] ?? "", path["reviewId"] ?? ""), headers),
  });
  return [list, one];
}
