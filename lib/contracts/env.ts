/**
 * The environment of the functions: the names that the stacks set and `runtime/config.ts` reads.
 */

/** What the construct of an ordered consumer tells its function. Counts and seconds are whole. */
export const CONSUMER_ENV = [
  /** The table with its heads. */
  "INORDER_TABLE",
  /** Its name in that table, in its metrics and in its alarms. */
  "INORDER_CONSUMER",
  /** The dead-letter queue of the queue that it reads. */
  "INORDER_DEAD_LETTER_QUEUE_URL",
  /** How long the function may run; a claim of a call lasts longer. */
  "INORDER_TIMEOUT_SECONDS",
  /** Failed attempts at one message after which its stream halts. */
  "INORDER_ATTEMPTS_MAX",
  /** How long a missing message is waited for before its gap is a violation. */
  "INORDER_GAP_DEADLINE_SECONDS",
  /** Until a parked message whose attempt failed is tried again. */
  "INORDER_RETRY_DELAY_SECONDS",
  "INORDER_METRIC_NAMESPACE",
] as const;

/** What it tells the sweep of the same consumer. */
export const SWEEP_ENV = [
  "INORDER_TABLE",
  "INORDER_CONSUMER",
  /** The queue that the consumer reads. */
  "INORDER_QUEUE_URL",
  "INORDER_METRIC_NAMESPACE",
] as const;

/** What a stage tells every function that answers the shop's API. */
export const HTTP_ENV = [
  /** As in the header `RateLimit-Policy`: `"default";q=100;w=60`, separated by commas. */
  "RATE_LIMITS",
  /** Whose pages may call, separated by commas; or `none`. */
  "CORS_ORIGINS",
] as const;

export const ENV = [
  /** Name of the stage: local, dev, prod. */
  "STAGE",
  "ORDERS_TABLE",
  "ORDER_LIST_TABLE",
  "CARTS_TABLE",
  "PRODUCTS_TABLE",
  /** Whole seconds that a sandbox shows a copy of a product without a look at the table. */
  "PRODUCT_FRESH_SECONDS",
  /** The address of the cache that sandboxes share, where a stage has one, and its copies' time. */
  "CACHE_SECRET_ARN",
  "CACHE_FRESH_SECONDS",
  "REVIEWS_TABLE",
  "RECOMMENDATIONS_TABLE",
  "STOCK_TABLE",
  "PAYMENTS_TABLE",
  "CLIENTS_TABLE",
  /** Answers to requests with an Idempotency-Key. */
  "IDEMPOTENCY_TABLE",
  /** Holds the snapshot of the search index. */
  "CATALOGUE_BUCKET",
  /** Whole seconds between two looks at whether that snapshot is still the newest. */
  "SEARCH_LOOK_SECONDS",
  /** Of the search domain, where a stage has one: https, without a trailing slash. */
  "OPENSEARCH_URL",
  "OPENSEARCH_REGION",
  "PROVIDER_TABLE",
  "WEBHOOKS_TABLE",
  "SAGA_START_QUEUE_URL",
  "ORDER_LIST_QUEUE_URL",
  "RECOMMENDATIONS_QUEUE_URL",
  "FULFILMENT_QUEUE_URL",
  "WEBHOOK_PLAN_QUEUE_URL",
  "WEBHOOK_DELIVERY_QUEUE_URL",
  "PAYMENT_REPORTS_QUEUE_URL",
  ...CONSUMER_ENV,
  ...SWEEP_ENV,
  ...HTTP_ENV,
  /** The bucket of what is too large for a queue: of who sends it, and of who consumes it. */
  "INORDER_CLAIM_CHECK_BUCKET",
  /** Whole seconds between two recoveries of a gap whose messages nobody can send again. */
  "GAP_RETRY_SECONDS",
  "EVENT_BUS_NAME",
  "SAGA_ARN",
  "REFUND_ARN",
  /** KMS key ids that may have signed a token, comma-separated; the first one signs. */
  "TOKEN_KEY_IDS",
  "TOKEN_ISSUER",
  "TOKEN_AUDIENCE",
  /** Secrets Manager ARNs. */
  "FULFILMENT_SECRET_ARN",
  "PROVIDER_SECRET_ARN",
  /** Signs what the provider reports. */
  "PAYMENT_WEBHOOK_SECRET_ARN",
  "CURSOR_SECRET_ARN",
  /** Base address of the payment provider, without a trailing slash. */
  "PROVIDER_URL",
  /**
   * "on" makes the simulated provider take the money and then not answer for totals ending in 17.
   */
  "PROVIDER_LATE_ANSWERS",
  /** Where webhooks may go: one of those below. */
  "WEBHOOK_TARGETS",
] as const;

export type EnvKey = (typeof ENV)[number];

/** Values of `WEBHOOK_TARGETS`. */
export const WEBHOOK_TARGETS = {
  public: "public",
  publicAndLoopback: "public-and-loopback",
} as const;
