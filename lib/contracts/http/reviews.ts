/**
 * Requests and answers of reviews: what customers say about a product, one of each.
 */
import * as z from "zod";
import {
  cursorField,
  instantField,
  limitField,
  orderIdField,
  skuField,
  writtenField,
} from "./fields.ts";

/** 26 characters that follow from customer and product and tell neither. */
export const reviewIdField = orderIdField;

const words = {
  /** Stars. */
  rating: z.int().min(1).max(5),
  title: writtenField(120).optional(),
  text: writtenField(5000).optional(),
};

export const createReviewBody = z.strictObject({
  ...words,
  /**
   * The order in which the reviewer has bought it: one of his own that was delivered with it, which
   * makes the purchase a verified one.
   */
  orderId: orderIdField.optional(),
});

/** A merge patch (RFC 7396): what is absent stays, null removes. */
export const patchReviewBody = z.strictObject({
  rating: words.rating.optional(),
  title: words.title.nullable(),
  text: words.text.nullable(),
  orderId: orderIdField.optional(),
});

export const moderateReviewBody = z.strictObject({
  decision: z.enum(["publish", "hide"]),
  reason: writtenField(500),
});

export const reviewView = z.strictObject({
  reviewId: reviewIdField,
  sku: skuField,
  ...words,
  verifiedPurchase: z.boolean(),
  /** Hidden ones are seen by nobody and do not count. */
  status: z.enum(["published", "hidden"]),
  version: z.int(),
  createdAt: instantField,
  updatedAt: instantField,
});

export const listReviewsQuery = z.strictObject({
  limit: limitField,
  cursor: cursorField.optional(),
});

export const reviewPage = z.strictObject({
  /** Newest first. */
  reviews: z.array(reviewView),
  next: cursorField.optional(),
});

export type CreateReviewBody = z.infer<typeof createReviewBody>;
export type PatchReviewBody = z.infer<typeof patchReviewBody>;
export type ModerateReviewBody = z.infer<typeof moderateReviewBody>;
export type ReviewView = z.infer<typeof reviewView>;
