/**
 * Which review a request is about, and who sends it.
 */
import { callerOf } from "#runtime/caller";
import type { HttpRequest } from "#runtime/http-route";
import type { ReviewRequest } from "#services/products/write-reviews";

export const reviewRequest = (request: HttpRequest<unknown, unknown>): ReviewRequest => ({
  sku: request.path["sku"] ?? "",
  reviewId: request.path["reviewId"] ?? "",
  callerId: callerOf(request).id,
  now: request.now,
});
