/**
 * What an order's id, a SKU and an order's status may be: for requests and answers, and for events,
 * whose readers load no more of a schema library than they need.
 */

/** 26 characters of Crockford's base 32. */
export const ORDER_ID = {
  pattern: /^[0-9A-HJKMNP-TV-Z]{26}$/,
  says: "an order id has 26 characters",
} as const;

/** As an order's: both follow from a digest. */
export const CART_ID = { pattern: ORDER_ID.pattern, says: "a cart id has 26 characters" } as const;

export const SKU = {
  pattern: /^[A-Za-z0-9_-]{1,64}$/,
  says: "a SKU has 1-64 of A-Z a-z 0-9 _ -",
} as const;

/** What carriers and providers report of an order. */
export const FULFILMENT_STATUSES = [
  "approved",
  "shipped",
  "delivered",
  "created",
  "processing",
  "invoiced",
  "unavailable",
  "canceled",
] as const;

/** Of these: after it the goods are no longer here. */
export const LEFT_STATUSES = ["shipped", "delivered"] as const;

export const ORDER_STATUSES = [
  "placed",
  "confirmed",
  "rejected",
  "cancelled",
  ...FULFILMENT_STATUSES,
] as const;

export const REJECTION_REASONS = [
  "payment-declined",
  "payment-failed",
  "out-of-stock",
  "hold-expired",
  "review-declined",
] as const;
