/**
 * Reviews of a product as anybody sees them: pages of the newest, and one with a strong ETag.
 */
import { nextPage } from "#adapters/http/next-page";
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
      const { limit, cursor } = query;
      const sku = path["sku"] ?? "";
      const binding = { route: LIST, sku };
      const after = cursor === undefined ? undefined : await cursors.open(binding, cursor);
      const page = await listReviews(ports, { sku, limit, after });
      const { headers, ...next } = await nextPage({ cursors, binding, query }, page.next);
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
