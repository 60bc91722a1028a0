/**
 * The functions by their file below `functions/`: the list that is bundled and deployed. A file
 * that is not listed here does not run anywhere.
 */

export const APPLICATION_FUNCTIONS = [
  "gateway/http",
  "users/auth",
  "users/jwks",
  "users/register",
  "products/http",
  "products/import",
  "products/search",
  "products/build-search",
  "inventory/expire",
  "products/count-baskets",
  "inventory/http",
  "inventory/receive",
  "inventory/ship",
  "inventory/tasks",
  "inventory/verify",
  "orders/http",
  "orders/cart",
  "orders/webhook",
  "orders/consume",
  "orders/project",
  "orders/start-saga",
  "orders/sagas",
  "orders/tasks",
  "payments/tasks",
  "webhooks/http",
  "webhooks/plan",
  "webhooks/relay",
  "webhooks/deliver",
  "webhooks/retry",
  "payments/verify",
  "payments/webhook",
  "payments/consume",
  "payments/reconcile",
  "outbox/relay",
  "outbox/reconcile",
  "outbox/sweep",
] as const;

export const PROVIDER_FUNCTIONS = ["provider/http", "provider/notify"] as const;

/** Where a stage's sandboxes share a cache. */
export const SHARED_CACHE_FUNCTIONS = ["products/outdate-copies"] as const;

export type ApplicationFunction =
  | (typeof APPLICATION_FUNCTIONS)[number]
  | (typeof SHARED_CACHE_FUNCTIONS)[number];

/** The construct id of a function: `orders/start-saga` is `OrdersStartSaga`. */
export const functionId = (name: string): string =>
  name
    .split(/[/-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
