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
  /** Changes of products that were taken into the search index. */
  searchChanges: "SearchChanges",
  sagasNeedAttention: "SagasNeedAttention",
  /** Attempts at webhooks out, by what came of them; those that are closed were not made. */
  webhooksDelivered: "WebhooksDelivered",
  webhooksRetried: "WebhooksRetried",
  webhooksFailed: "WebhooksFailed",
  webhooksClosed: "WebhooksClosed",
  webhookEndpointsDisabled: "WebhookEndpointsDisabled",
  /** Lanes that halt for another cause than a receiver's: nothing lets them go on by itself. */
  webhooksStuck: "WebhooksStuck",
  /** Retries that are due for longer than the clock and the queue explain. */
  webhooksOverdue: "WebhooksOverdue",
  /** Runs that go on for too long, as the watchdog found them. */
  sagasLate: "SagasLate",
  /** Callbacks that nobody waited for any more: swallowed. */
  callbacksLate: "CallbacksLate",
  /** Committed events, and critical violations. */
  relayedEvents: "RelayedEvents",
  /** Holds of stock that were ended, and those of them that were found late. */
  holdsExpired: "HoldsExpired",
  holdsOverdue: "HoldsOverdue",
  paymentsDeclined: "PaymentsDeclined",
  paymentLookups: "PaymentLookups",
  /** What a layer of copies had to say: a fresh copy, none, one whose time is over. */
  cacheModuleHits: "CacheModuleHits",
  cacheModuleMisses: "CacheModuleMisses",
  cacheModuleStale: "CacheModuleStale",
  cacheValkeyHits: "CacheValkeyHits",
  cacheValkeyMisses: "CacheValkeyMisses",
  cacheValkeyStale: "CacheValkeyStale",
  /** Requests that wanted no copy, that waited for another's read, and that read the store. */
  cacheBypassed: "CacheBypassed",
  cacheCollapsed: "CacheCollapsed",
  cacheReads: "CacheReads",
  /** A cache did not answer, or with what cannot be read, and was worked without. */
  cacheFailures: "CacheFailures",
  /** Changes of products that have ended shared copies. */
  copiesOutdated: "CopiesOutdated",
  /** What the provider reported that our books did not have yet. */
  paymentReportsRecorded: "PaymentReportsRecorded",
  /** Reports of a state that a payment had left before. */
  paymentReportsLate: "PaymentReportsLate",
  /** Filed: the provider and our books do not agree about a payment. */
  paymentDifferences: "PaymentDifferences",
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
  search: "search",
  recommendations: "recommendations",
  inventory: "inventory",
  orders: "orders",
  fulfilment: "fulfilment",
  orderList: "order-list",
  sagaStart: "saga-start",
  payments: "payments",
  outbox: "outbox",
  provider: "provider",
  webhooks: "webhooks",
  webhookPlan: "webhook-plan",
  webhookDelivery: "webhook-delivery",
} as const;

export type ServiceName = (typeof SERVICES)[keyof typeof SERVICES];
