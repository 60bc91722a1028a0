/**
 * Customers write, change and take back their own review; staff hides what must not be seen. Each
 * reads the review, decides, and writes the next version together with the product's stars.
 */
import type {
  CreateReviewBody,
  ModerateReviewBody,
  PatchReviewBody,
  ReviewView,
} from "#contracts/http/reviews";
import { skuField } from "#contracts/http/fields";
import { reviewIdField } from "#contracts/http/reviews";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import {
  type Author,
  moderateReview,
  ratingChange,
  retractReview,
  type Review,
  reviewIdOf,
  type ReviewWords,
  reviseReview,
  writeReview,
} from "./domain/review.ts";
import { noProduct, storedProduct } from "./get-product.ts";
import type { ProductStore, ReviewStore } from "./ports.ts";
import { noReview, reviewViewOf } from "./read-reviews.ts";
import { type Orders, requirePurchase } from "./verified-purchase.ts";

export type ReviewPorts = {
  readonly products: Pick<ProductStore, "get">;
  readonly reviews: Pick<ReviewStore, "get" | "write">;
  readonly orders: Orders;
};

/** Which review, and who is at it. */
export type ReviewRequest = {
  readonly sku: string;
  readonly reviewId: string;
  readonly callerId: string;
  readonly now: EpochMs;
};

/** Whether the caller speaks of the review as it is now. */
export type IsExpectedReview = (current: ReviewView) => boolean;

/**
 * Errors: `not-found` (no such product), `conflict` (reviewed already), `invalid-request` for an
 * order that is no purchase (all reject); what the stores throw.
 */
export async function addReview(
  ports: ReviewPorts,
  { sku, callerId: customerId, now }: Omit<ReviewRequest, "reviewId">,
  body: CreateReviewBody,
): Promise<ReviewView> {
  if ((await storedProduct(ports, sku)).deleted) throw noProduct();
  const author = { sku, customerId };
  await requirePurchase(ports.orders, author, body.orderId);
  const reviewId = reviewIdOf(author);
  return untilWritten(ports, async () => {
    const current = await ports.reviews.get(sku, reviewId);
    return { current, wanted: writeReview(current, author, wordsOf(body), now) };
  });
}

/**
 * Errors: `not-found`, also for another's; `precondition-failed`, `invalid-request` as above (all
 * reject); what the stores throw.
 */
export async function patchReview(
  ports: ReviewPorts,
  request: ReviewRequest,
  { patch, isExpected }: { readonly patch: PatchReviewBody; readonly isExpected: IsExpectedReview },
): Promise<ReviewView> {
  const current = await ownReview(ports, request);
  if (current.deleted) throw noReview();
  if (!isExpected(reviewViewOf(current))) throw stale();
  const author: Author = { sku: request.sku, customerId: request.callerId };
  await requirePurchase(ports.orders, author, patch.orderId);
  const wanted = reviseReview(current, patchedWords(current, patch), request.now);
  if (!(await isWritten(ports, current, wanted))) throw stale();
  return reviewViewOf(wanted);
}

/** Errors: `not-found`, also for another's (reject); what the store throws. */
export async function removeReview(ports: ReviewPorts, request: ReviewRequest): Promise<void> {
  await untilWritten(ports, async () => {
    const current = await ownReview(ports, request);
    return { current, wanted: retractReview(current, request.now) };
  });
}

/** Errors: `not-found` (reject), also for one that was taken back; what the store throws. */
export async function decideReview(
  ports: ReviewPorts,
  request: ReviewRequest,
  decision: ModerateReviewBody,
): Promise<ReviewView> {
  return untilWritten(ports, async () => {
    const current = await anyReview(ports, request);
    if (current.deleted) throw noReview();
    const moderation = { ...decision, moderatorId: request.callerId };
    return { current, wanted: moderateReview(current, moderation, request.now) };
  });
}

type Step = { readonly current: Review | undefined; readonly wanted: Review };

const ATTEMPTS_MAX = 5;

/** Decided anew whenever somebody else was first. */
async function untilWritten(ports: ReviewPorts, decide: () => Promise<Step>): Promise<ReviewView> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const { current, wanted } = await decide();
    if (await isWritten(ports, current, wanted)) return reviewViewOf(wanted);
  }
  throw new Failure("conflict", "retry", "Others were at the review all the time; try again.");
}

async function isWritten(
  { reviews }: ReviewPorts,
  current: Review | undefined,
  wanted: Review,
): Promise<boolean> {
  if (wanted === current) return true;
  const answer = await reviews.write(wanted, ratingChange(current, wanted));
  if (answer === "no-product") throw noProduct();
  return answer === "written";
}

async function anyReview(
  { reviews }: ReviewPorts,
  { sku, reviewId }: ReviewRequest,
): Promise<Review> {
  const isKey = skuField.safeParse(sku).success && reviewIdField.safeParse(reviewId).success;
  const review = isKey ? await reviews.get(sku, reviewId) : undefined;
  if (review === undefined) throw noReview();
  return review;
}

async function ownReview(ports: ReviewPorts, request: ReviewRequest): Promise<Review> {
  const review = await anyReview(ports, request);
  if (review.customerId !== request.callerId) throw noReview();
  return review;
}

const wordsOf = ({ rating, title, text, orderId }: CreateReviewBody): ReviewWords => ({
  rating,
  ...(title === undefined ? {} : { title }),
  ...(text === undefined ? {} : { text }),
  ...(orderId === undefined ? {} : { orderId }),
});

/** Absent stays, null removes (RFC 7396). */
function patchedWords(current: Review, patch: PatchReviewBody): ReviewWords {
  const { title = current.title, text = current.text } = patch;
  const { rating = current.rating, orderId = current.orderId } = patch;
  return wordsOf({ rating, title: title ?? undefined, text: text ?? undefined, orderId });
}

const stale = (): Failure =>
  new Failure(
    "precondition-failed",
    "reject",
    "The review has changed since; get it again and decide anew.",
  );
