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

/** Of the order list: a customer's orders of one status, newest first. Both keys are texts. */
export const ORDERS_BY_STATUS = {
  name: "by-customer-status",
  /** `<customerId>#<status>` */
  partitionKey: "customerStatus",
  sortKey: "placedAtOrderId",
} as const;

/** Of the recommendations: what was bought with a product, by how many orders had both. */
export const BOUGHT_WITH = {
  name: "bought-with",
  partitionKey: "boughtSku",
  sortKey: "orders",
  sortsByNumber: true,
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

/**
 * Of the products: a shelf is what one list shows, so that a page of it is one query. A withdrawn
 * product is on none. Partition keys: one shelf for all, one for each currency, for each category,
 * for each category in each currency. All keys are texts.
 */
export const PRODUCT_SHELVES = {
  newest: { name: "newest", partitionKey: "shelf", sortKey: "newestKey" },
  price: { name: "price", partitionKey: "priceShelf", sortKey: "priceKey" },
  categoryNewest: {
    name: "category-newest",
    partitionKey: "categoryShelf",
    sortKey: "newestKey",
  },
  categoryPrice: {
    name: "category-price",
    partitionKey: "categoryPriceShelf",
    sortKey: "priceKey",
  },
} as const;

/** Of the webhooks' table: deliveries that wait for a retry. Sparse. Both keys are texts. */
export const WEBHOOK_RETRIES = {
  name: "retries",
  /** One of a few shards. */
  partitionKey: "retryShard",
  /** When it is due, as ISO 8601. */
  sortKey: "retryAt",
} as const;

/** Of the reviews: what is published of one product, newest first. Both keys are texts. */
export const PUBLISHED_REVIEWS = {
  name: "published",
  partitionKey: "publishedSku",
  sortKey: "createdAtReviewId",
} as const;
