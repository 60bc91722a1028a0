/**
 * The functions by their file below `functions/`: the list that is bundled and deployed. A file
 * that is not listed here does not run anywhere.
 */

export const APPLICATION_FUNCTIONS = [
  "gateway/health",
  "users/auth",
  "users/jwks",
  "users/register",
  "products/http",
  "products/import",
  "inventory/http",
  "inventory/receive",
  "inventory/tasks",
  "orders/http",
  "orders/webhook",
  "orders/consume",
  "orders/project",
  "orders/start-saga",
  "orders/sagas",
  "orders/tasks",
  "payments/tasks",
  "outbox/relay",
  "outbox/reconcile",
  "outbox/sweep",
] as const;

export const PROVIDER_FUNCTIONS = ["provider/http"] as const;

export type ApplicationFunction = (typeof APPLICATION_FUNCTIONS)[number];

/** The construct id of a function: `orders/start-saga` is `OrdersStartSaga`. */
export const functionId = (name: string): string =>
  name
    .split(/[/-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
