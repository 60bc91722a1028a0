/**
 * How a review is written as an item, with the keys of the index of what is published.
 *
 *     sku   reviewId   publishedSku = <sku>   createdAtReviewId = <created, 13 digits>#<review id>
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { PUBLISHED_REVIEWS } from "#contracts/indexes";
import { Failure } from "#kernel/failure";
import { parseJsonObject } from "#kernel/json";
import { isPublished, type Review } from "#services/products/ports";

/** Everything is in `review`, as JSON; beside it what conditions and indexes look at. */
export function reviewItem(review: Review): Record<string, AttributeValue> {
  const { sku, reviewId, version, createdAt } = review;
  return marshall({
    sku,
    reviewId,
    version,
    review: JSON.stringify(review),
    ...(isPublished(review)
      ? {
          [PUBLISHED_REVIEWS.partitionKey]: sku,
          [PUBLISHED_REVIEWS.sortKey]: `${String(createdAt).padStart(13, "0")}#${reviewId}`,
        }
      : {}),
  });
}

/** @throws Failure `unexpected` (reject) for an item that holds no review. */
export function reviewOf(item: Readonly<Record<string, AttributeValue>>): Review {
  const review = parseJsonObject(item["review"]?.S ?? "");
  if (review !== undefined) return review as unknown as Review;
  const { sku, reviewId } = item;
  const name = `${String(sku?.S)} ${String(reviewId?.S)}`;
  throw new Failure("unexpected", "reject", `The item of review ${name} holds none.`);
}

export const reviewIdOfKey = (key: string): string => key.slice(key.indexOf("#") + 1);
