/**
 * What is published as `inorder/messaging`: ordered consumers as Lambda handlers on SQS FIFO and
 * DynamoDB, what sends to them, and the library below them for other queues and stores.
 */

// Consuming: a Lambda handler, and what it is made of.
export {
  orderedConsumer,
  type OrderedConsumerOptions,
  type OwnWrites,
} from "./ordered-consumer.ts";
export type {
  LambdaContext,
  QueueAnswer,
  QueueEvent,
  QueueEventRecord,
  QueueHandler,
} from "./queue-handler.ts";
export type { ItemWrite, TableKeys } from "./item-writes.ts";
export { type ConsumerHeads, readHead } from "./read-head.ts";
export {
  type SweepHandler,
  sweepHandler,
  type SweepRequest,
  type Swept,
} from "./sweep-handler.ts";
export {
  type ConsumerTelemetry,
  stdoutTelemetry,
  type StdoutTelemetryOptions,
} from "./stdout-telemetry.ts";
export { CONSUMER_METRICS, type ConsumerMetric } from "#contracts/consumer-metrics";

// What a handler is given, and what it says.
export {
  type Call,
  CONSUMER_DEFAULTS,
  type ConsumerSettings,
  type Delivery,
  type Effect,
  type EffectsHandler,
  type ExternalHandler,
  type FoldHandler,
  type GapRecovery,
  type Message,
  RECOVERY_DEFAULTS,
  type RecoveryPolicies,
  type Redelivery,
  type StartAt,
} from "#messaging";
export {
  Failure,
  type FailureAction,
  type FailureCode,
  type FailureDetail,
  isFailure,
} from "#kernel/failure";
export type { Json, JsonObject } from "#kernel/json";
export {
  type DurationMs,
  type EpochMs,
  isoInstant,
  milliseconds,
  parseInstant,
  seconds,
} from "#kernel/units";

// Sending, and events numbered where they are stored.
export {
  type AppendAnswer,
  type AppendWrite,
  type Commit,
  type ControlEnvelope,
  controlEnvelope,
  type Control,
  decode,
  type Decoded,
  encode,
  type Envelope,
  envelopesOf,
  type EventRange,
  type EventStore,
  type FifoSender,
  type NewCommit,
  nextCommit,
  type OutgoingMessage,
  type Change,
  type EventBus,
  redeliveryFrom,
  relay,
  type Relay,
  type RelayAnswer,
  type RelayOptions,
  type Route,
  resend,
  type ResendOptions,
  type StoredEvent,
} from "#messaging";
export { changeOf, type ChangeRecord } from "#adapters/aws/dynamodb/change-stream";
export { dynamoClient } from "#adapters/aws/dynamodb/client";
export {
  appendWrites,
  dynamoEventStore,
  type EventStoreProps,
} from "#adapters/aws/dynamodb/event-store";
export type { TransactionWrites } from "#adapters/aws/dynamodb/transaction-writes";
export { sqsClient } from "#adapters/aws/sqs/client";
export { type FifoSenderProps, sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";

// The library below, for queues and stores of one's own.
export {
  type AuditLog,
  type AuditRecord,
  type BatchAnswer,
  type BesideWrite,
  type CommitAnswer,
  type CommitBounds,
  type ConsumerEvent,
  type ConsumerReport,
  type Deadline,
  type DeadLetters,
  type Decision,
  type Footprint,
  type Head,
  type HeadCommit,
  type HeadIndex,
  type HeadStore,
  type Observe,
  type OrderedConsumer as BatchConsumer,
  orderedConsumer as batchConsumer,
  type OrderedConsumerOptions as BatchConsumerOptions,
  type PlacedAuditRecord,
  type QueueRecord,
  rebuild,
  rebuildFrom,
  rebuildHead,
  type RebuildHeadOptions,
  type RebuildOptions,
  type StateAt,
  type StoredLog,
  sweep,
  type SweepOptions,
  verifyAudit,
  type Violation,
  type ViolationKind,
} from "#messaging";
export { type AuditLogProps, dynamoAuditLog } from "#adapters/aws/dynamodb/audit-log";
export {
  dynamoHeadIndex,
  type HeadIndexProps,
} from "#adapters/aws/dynamodb/head-index";
export { dynamoHeadStore, type HeadStoreProps } from "#adapters/aws/dynamodb/head-store";
export { type DeadLettersProps, sqsDeadLetters } from "#adapters/aws/sqs/dead-letters";
export { redrive, type RedriveProps } from "#adapters/aws/sqs/redrive";
export { type Clock, systemClock } from "#kernel/clock";
export { type NewId, randomIds } from "#kernel/ids";
