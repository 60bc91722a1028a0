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

/** Of the order list: a customer's orders, newest first. Both keys are texts. */
export const ORDERS_BY_CUSTOMER = {
  name: "by-customer",
  partitionKey: "customerId",
  sortKey: "placedAtOrderId",
} as const;

/** Of the webhooks' table: deliveries that wait for a retry. Sparse. Both keys are texts. */
export const WEBHOOK_RETRIES = {
  name: "retries",
  /** One of a few shards. */
  partitionKey: "retryShard",
  /** When it is due, as ISO 8601. */
  sortKey: "retryAt",
} as const;
