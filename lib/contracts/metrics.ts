/**
 * Metric names, shared by the functions that emit them, the dashboard, the alarms and the replay's
 * report. Emitted as EMF with the single dimension `service`, so the number of time series is
 * bounded.
 */

import { CONSUMER_METRICS } from "./consumer-metrics.ts";

/** A namespace for each stage: two of them in one account must not add up. */
export const metricNamespace = (stage: string): string => `Inorder/${stage}`;

export const METRICS = {
  ...CONSUMER_METRICS,
  /** One per HTTP request that reached a function. */
  requests: "Requests",
  latencyMs: "LatencyMs",
  serverErrors: "ServerErrors",
  /** Orders placed for the first time; a repeated key is `OrdersRepeated`. */
  ordersPlaced: "OrdersPlaced",
  ordersRepeated: "OrdersRepeated",
  /** Store requests of placing an order. */
  placeReads: "PlaceReads",
  placeWrites: "PlaceWrites",
  /** Webhooks accepted and put into the FIFO queue. */
  messagesSent: "MessagesSent",
  /** Streams whose last messages a consumer lacked, and messages that were sent again for it. */
  streamsBehind: "StreamsBehind",
  messagesResent: "MessagesResent",
  sagasStarted: "SagasStarted",
  sagasNeedAttention: "SagasNeedAttention",
  /** Runs that go on for too long, as the watchdog found them. */
  sagasLate: "SagasLate",
  /** Callbacks that nobody waited for any more: swallowed. */
  callbacksLate: "CallbacksLate",
  /** Committed events, and critical violations. */
  relayedEvents: "RelayedEvents",
  paymentsDeclined: "PaymentsDeclined",
  paymentLookups: "PaymentLookups",
  /** Effects under idempotency keys: their names are explained in the library's list. */
  idempotencyHits: "IdempotencyHits",
  idempotencyMisses: "IdempotencyMisses",
  idempotencyConflicts: "IdempotencyConflicts",
  idempotencyStale: "IdempotencyStale",
  idempotencyInProgress: "IdempotencyInProgress",
  idempotencyExpired: "IdempotencyExpired",
  idempotencyTakenOver: "IdempotencyTakenOver",
  idempotencyReleased: "IdempotencyReleased",
  idempotencyLost: "IdempotencyLost",
  idempotencyOmitted: "IdempotencyOmitted",
  idempotencyBytesStored: "IdempotencyBytesStored",
  idempotencyBytesReplayed: "IdempotencyBytesReplayed",
  idempotencyEvicted: "IdempotencyEvicted",
  idempotencyHintsRight: "IdempotencyHintsRight",
  idempotencyHintsWrong: "IdempotencyHintsWrong",
  idempotencyClaimMs: "IdempotencyClaimMs",
  idempotencyEffectMs: "IdempotencyEffectMs",
  idempotencyCompleteMs: "IdempotencyCompleteMs",
} as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** Values of the dimension `service`. */
export const SERVICES = {
  gateway: "gateway",
  users: "users",
  products: "products",
  inventory: "inventory",
  orders: "orders",
  fulfilment: "fulfilment",
  orderList: "order-list",
  sagaStart: "saga-start",
  payments: "payments",
  outbox: "outbox",
  provider: "provider",
} as const;

export type ServiceName = (typeof SERVICES)[keyof typeof SERVICES];
