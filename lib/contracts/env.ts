/**
 * The environment of the functions: the names that the stacks set and `runtime/config.ts` reads.
 */

export const ENV = [
  /** Name of the stage: local, dev, prod. */
  "STAGE",
  "ORDERS_TABLE",
  "ORDER_LIST_TABLE",
  "PRODUCTS_TABLE",
  "STOCK_TABLE",
  "PAYMENTS_TABLE",
  "CLIENTS_TABLE",
  /** Answers to requests with an Idempotency-Key. */
  "IDEMPOTENCY_TABLE",
  "PROVIDER_TABLE",
  "SAGA_START_QUEUE_URL",
  "ORDER_LIST_QUEUE_URL",
  "FULFILMENT_QUEUE_URL",
  /** The dead-letter queue of the queue that the function itself consumes. */
  "DEAD_LETTER_QUEUE_URL",
  /** Where a consumer's heads are, its name, and its own queue: what its sweep is told. */
  "HEADS_TABLE",
  "CONSUMER",
  "CONSUMER_QUEUE_URL",
  /** Whole seconds that a missing message is waited for before its gap is a violation. */
  "GAP_DEADLINE_SECONDS",
  /** Whole seconds between two recoveries of a gap whose messages nobody can send again. */
  "GAP_RETRY_SECONDS",
  /** Whole seconds until a parked message whose attempt failed is tried again. */
  "RETRY_DELAY_SECONDS",
  "EVENT_BUS_NAME",
  "SAGA_ARN",
  /** KMS key ids that may have signed a token, comma-separated; the first one signs. */
  "TOKEN_KEY_IDS",
  "TOKEN_ISSUER",
  "TOKEN_AUDIENCE",
  /** Secrets Manager ARNs. */
  "FULFILMENT_SECRET_ARN",
  "PROVIDER_SECRET_ARN",
  "CURSOR_SECRET_ARN",
  /** Base address of the payment provider, without a trailing slash. */
  "PROVIDER_URL",
  /**
   * "on" makes the simulated provider take the money and then not answer for totals ending in 17.
   */
  "PROVIDER_LATE_ANSWERS",
] as const;

export type EnvKey = (typeof ENV)[number];
