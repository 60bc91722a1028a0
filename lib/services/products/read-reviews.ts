/**
 * Reviews as anybody may see them.
 */
import { skuField } from "#contracts/http/fields";
import { reviewIdField, type ReviewView } from "#contracts/http/reviews";
import { Failure } from "#kernel/failure";
import { isoInstant } from "#kernel/units";
import { isHidden, isPublished, type Review } from "./domain/review.ts";
import type { ReviewListRequest, ReviewStore } from "./ports.ts";

export type ListedReviews = {
  readonly reviews: readonly ReviewView[];
  readonly next: string | undefined;
};

/**
 * A product that nobody has reviewed, or that there is none of, has one empty page: a read of the
 * product would only tell these two apart. Errors: what the store throws.
 */
export async function listReviews(
  { reviews }: { readonly reviews: Pick<ReviewStore, "list"> },
  request: ReviewListRequest,
): Promise<ListedReviews> {
  if (!skuField.safeParse(request.sku).success) return { reviews: [], next: undefined };
  const page = await reviews.list(request);
  return { reviews: page.reviews.map(reviewViewOf), next: page.next };
}

/** Errors: `not-found` (reject), also for what is hidden or taken back; what the store throws. */
export async function getReview(
  { reviews }: { readonly reviews: Pick<ReviewStore, "get"> },
  sku: string,
  reviewId: string,
): Promise<ReviewView> {
  const isKey = skuField.safeParse(sku).success && reviewIdField.safeParse(reviewId).success;
  const review = isKey ? await reviews.get(sku, reviewId) : undefined;
  if (review === undefined || !isPublished(review)) throw noReview();
  return reviewViewOf(review);
}

export const noReview = (): Failure =>
  new Failure("not-found", "reject", "There is no such review.");

export const reviewViewOf = (review: Review): ReviewView => ({
  reviewId: review.reviewId,
  sku: review.sku,
  rating: review.rating,
  ...(review.title === undefined ? {} : { title: review.title }),
  ...(review.text === undefined ? {} : { text: review.text }),
  verifiedPurchase: review.orderId !== undefined,
  status: isHidden(review) ? "hidden" : "published",
  version: review.version,
  createdAt: isoInstant(review.createdAt),
  updatedAt: isoInstant(review.updatedAt),
});
