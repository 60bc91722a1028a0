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

/** Of the recommendations: what was bought with a product, by how many orders had both. */
export const BOUGHT_WITH = {
  name: "bought-with",
  partitionKey: "boughtSku",
  sortKey: "orders",
  sortsByNumber: true,
} as const;

/** Of the order list: a customer's orders, newest first. Both keys are texts. */
export const ORDERS_BY_CUSTOMER = {
  name: "by-customer",
  partitionKey: "customerId",
  sortKey: "placedAtOrderId",
} as const;
