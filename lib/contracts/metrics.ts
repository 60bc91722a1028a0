/**
 * Metric names, shared by the functions that emit them, the dashboard, the alarms and the replay's
 * report. Emitted as EMF with the single dimension `service`, so the number of time series is
 * bounded.
 */

import { Failure } from "#kernel/failure";

/** A namespace for each stage: two of them in one account must not add up. */
export const metricNamespace = (stage: string): string => `Inorder/${stage}`;

export const METRICS = {
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
  messagesApplied: "MessagesApplied",
  duplicatesDropped: "DuplicatesDropped",
  messagesHeld: "MessagesHeld",
  heldReleased: "HeldReleased",
  messagesParkedBehindHalt: "MessagesParkedBehindHalt",
  messagesReturned: "MessagesReturned",
  messagesUndecodable: "MessagesUndecodable",
  /** Dead-lettered because their sequence or their partition belongs to another message. */
  messagesRefused: "MessagesRefused",
  streamsHalted: "StreamsHalted",
  /** Drained and running again. */
  streamsResumed: "StreamsResumed",
  /** Of a range that was left out, or from before a stream's start. */
  messagesLate: "MessagesLate",
  /** Left out by a decision or by a gap's recovery. */
  messagesSkipped: "MessagesSkipped",
  /** Control messages, ticks included. */
  controlsDecided: "ControlsDecided",
  /** Streams that a sweep found due and sent a tick. */
  streamsTicked: "StreamsTicked",
  /** Streams whose last messages a consumer lacked, and messages that were sent again for it. */
  streamsBehind: "StreamsBehind",
  messagesResent: "MessagesResent",
  violations: "Violations",
  violationsConflict: "ViolationsSequenceConflict",
  violationsPartition: "ViolationsPartitionMismatch",
  violationsGap: "ViolationsGap",
  violationsOutOfOrder: "ViolationsOutOfOrder",
  violationsUnknown: "ViolationsUnknown",
  violationsTimestamp: "ViolationsTimestampAnomaly",
  /** The most messages that one stream has parked. */
  parkedLag: "ParkedLag",
  /** The greatest age at which a message was applied, by its own time. */
  appliedAgeMs: "AppliedAgeMs",
  consumerReads: "ConsumerReads",
  consumerWrites: "ConsumerWrites",
  consumerBatches: "ConsumerBatches",
  /** Streams in a batch, summed over batches: what reads and writes are to be compared with. */
  consumerStreams: "ConsumerStreams",
  commitLatencyMs: "CommitLatencyMs",
  sagasStarted: "SagasStarted",
  sagasNeedAttention: "SagasNeedAttention",
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

/** Errors: `misconfigured` (reject) for a name that is none. */
export function serviceNamed(name: string): ServiceName {
  const known = Object.values(SERVICES);
  const found = known.find((service) => service === name);
  if (found !== undefined) return found;
  const choice = known.join(", ");
  throw new Failure("misconfigured", "reject", `There is no service "${name}" among ${choice}.`);
}
