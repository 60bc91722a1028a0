/**
 * A customer's own review of a product, and what staff decides about it.
 */
import { entityTag, holdsEntityTag } from "#adapters/http/entity-tag";
import { createReviewBody, moderateReviewBody, patchReviewBody } from "#contracts/http/reviews";
import { type HttpRoute, route } from "#runtime/http-route";
import { requiredIfMatch } from "#runtime/if-match";
import {
  addReview,
  decideReview,
  patchReview,
  removeReview,
  type ReviewPorts,
} from "#services/products/write-reviews";
import { reviewRequest } from "./review-request.ts";

export function reviewWriteRoutes(ports: ReviewPorts): readonly HttpRoute[] {
  const create = route({
    route: "POST /v1/products/{sku}/reviews",
    bodySchema: createReviewBody,
    async handle(request) {
      const view = await addReview(ports, reviewRequest(request), request.body);
      const location = `/v1/products/${view.sku}/reviews/${view.reviewId}`;
      return { status: 201, headers: { location, etag: entityTag(view) }, body: view };
    },
  });
  const patch = route({
    route: "PATCH /v1/products/{sku}/reviews/{reviewId}",
    bodyFormat: "merge-patch",
    bodySchema: patchReviewBody,
    async handle(request) {
      const ifMatch = requiredIfMatch(request.headers);
      const view = await patchReview(ports, reviewRequest(request), {
        patch: request.body,
        isExpected: (current) => holdsEntityTag(ifMatch, entityTag(current)),
      });
      return { status: 200, headers: { etag: entityTag(view) }, body: view };
    },
  });
  const remove = route({
    route: "DELETE /v1/products/{sku}/reviews/{reviewId}",
    async handle(request) {
      await removeReview(ports, reviewRequest(request));
      return { status: 204 };
    },
  });
  const moderate = route({
    route: "POST /v1/products/{sku}/reviews/{reviewId}/moderate",
    bodySchema: moderateReviewBody,
    handle: async (request) => ({
      status: 200,
      body: await decideReview(ports, reviewRequest(request), request.body),
    }),
  });
  return [create, patch, remove, moderate];
}
