/**
 * The indexes of tables: made by the stacks, queried by the adapters, named in this one place.
 */

/** Of every table with heads: those that need somebody. Sparse, keys only. */
export const ATTENTION_INDEX = {
  name: "attention",
  /** Text: `<due|halted>#<consumer>#<shard>`. */
  partitionKey: "attention",
  /** Number: since when, or from when on; milliseconds since the epoch. */
  sortKey: "attentionAt",
} as const;

/**
 * Of the order list: orders that somebody may have to look after, the oldest first. Sparse; both
 * keys are texts: `<open|stuck>#<shard>`, and an instant with the order's id.
 */
export const ORDERS_TO_WATCH = {
  name: "to-watch",
  partitionKey: "watch",
  sortKey: "watchAtOrderId",
} as const;

/** Of the order list: a customer's orders, newest first. Both keys are texts. */
export const ORDERS_BY_CUSTOMER = {
  name: "by-customer",
  partitionKey: "customerId",
  sortKey: "placedAtOrderId",
} as const;

/** Of the stock: holds that nothing has ended or made permanent yet. Sparse, keys only. */
export const EXPIRING_HOLDS = {
  name: "expiring-holds",
  /** Text: a shard. */
  partitionKey: "expiring",
  /** Number: when the hold ends; milliseconds since the epoch. */
  sortKey: "expiresAt",
} as const;

/** Of the stock: a SKU's adjustments in their order. Both keys are texts. */
export const ADJUSTMENTS_BY_SKU = {
  name: "adjustments-by-sku",
  partitionKey: "adjustedSku",
  sortKey: "adjustedAtId",
} as const;
