/**
 * What may become of a review, and what that does to the stars of its product. One customer has one
 * review of a product: its id follows from both, and it is taken back but never forgotten, so that
 * what was hidden does not come back as new.
 */
import { Failure } from "#kernel/failure";
import { canonicalJson, sha256Crockford26 } from "#kernel/hash";
import type { EpochMs } from "#kernel/units";
import type { Rating } from "./product.ts";

export type ReviewWords = {
  /** 1 to 5 stars. */
  readonly rating: number;
  readonly title?: string;
  readonly text?: string;
  /** The order in which its author has bought the product; looked up before it stands here. */
  readonly orderId?: string;
};

export type Moderation = {
  readonly decision: "publish" | "hide";
  readonly reason: string;
  readonly moderatorId: string;
};

export type Review = ReviewWords & {
  readonly sku: string;
  readonly reviewId: string;
  readonly customerId: string;
  /** The last decision about it; without one it is published. */
  readonly moderation?: Moderation;
  /** Taken back by its author, words and all. */
  readonly deleted: boolean;
  /** From 1, without a gap. */
  readonly version: number;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
};

export type Author = { readonly sku: string; readonly customerId: string };

export const reviewIdOf = ({ sku, customerId }: Author): string =>
  sha256Crockford26(canonicalJson(["review", sku, customerId]));

export const isHidden = ({ moderation }: Review): boolean => moderation?.decision === "hide";

export const isPublished = (review: Review): boolean => !review.deleted && !isHidden(review);

/**
 * The same words once more are the answer to a repeated request.
 *
 * @throws Failure `conflict`, action `reject`, where the author has said something else already.
 */
export function writeReview(
  current: Review | undefined,
  { sku, customerId }: Author,
  words: ReviewWords,
  now: EpochMs,
): Review {
  if (current !== undefined && !current.deleted) {
    if (canonicalJson(wordsOf(current)) === canonicalJson(words)) return current;
    throw new Failure("conflict", "reject", "You have reviewed this product; change that review.");
  }
  return {
    ...words,
    sku,
    reviewId: reviewIdOf({ sku, customerId }),
    customerId,
    ...(current?.moderation === undefined ? {} : { moderation: current.moderation }),
    deleted: false,
    version: (current?.version ?? 0) + 1,
    createdAt: now,
    updatedAt: now,
  };
}

export function reviseReview(current: Review, words: ReviewWords, now: EpochMs): Review {
  if (canonicalJson(wordsOf(current)) === canonicalJson(words)) return current;
  return { ...words, ...standingOf(current), version: current.version + 1, updatedAt: now };
}

/** Its stars stay with it, as they are taken off the product's; they count no more. */
export function retractReview(current: Review, now: EpochMs): Review {
  if (current.deleted) return current;
  const { rating } = current;
  const version = current.version + 1;
  return { rating, ...standingOf(current), deleted: true, version, updatedAt: now };
}

/** The same decision once more changes nothing, whoever takes it and why. */
export const moderateReview = (current: Review, moderation: Moderation, now: EpochMs): Review =>
  isHidden(current) === (moderation.decision === "hide")
    ? current
    : { ...current, moderation, version: current.version + 1, updatedAt: now };

/** What the step from one to the other adds to the stars of the product. */
export function ratingChange(before: Review | undefined, after: Review): Rating {
  const [from, to] = [countedIn(before), countedIn(after)];
  return { count: to.count - from.count, sum: to.sum - from.sum };
}

const countedIn = (review: Review | undefined): Rating =>
  review !== undefined && isPublished(review)
    ? { count: 1, sum: review.rating }
    : { count: 0, sum: 0 };

const wordsOf = ({ rating, title, text, orderId }: Review): ReviewWords => ({
  rating,
  ...(title === undefined ? {} : { title }),
  ...(text === undefined ? {} : { text }),
  ...(orderId === undefined ? {} : { orderId }),
});

function standingOf(review: Review) {
  const { rating: _1, title: _2, text: _3, orderId: _4, ...standing } = review;
  return standing;
}
