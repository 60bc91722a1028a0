/**
 * What users of the library need, by name. Its folders, for whoever reads on:
 *
 * - `envelope`: what travels, and how it is read and written
 * - `consumer`: what runs in the Lambda: one batch, its streams side by side, each to its end
 * - `plan`: what a batch does to a stream, decided before anything is written; no I/O
 * - `head`: a consumer's position in a stream, where a message stands against it, how it may change
 * - `control`: how operators and the sweep act on a stream: by messages, never by writing a head
 * - `violation`: what goes against the order, and what is done about it, by configuration
 * - `state`: the audit chain, its proof, and a state computed again from the producer's log
 * - `producer`: numbering events where they are stored, carrying them out, sending them again
 * - `flow`: retries, circuit breaker, lock and compensation, each usable alone (`flow/index.ts`)
 *
 * In the words of Powertools for AWS Lambda: `orderedConsumer` is in the place of the batch
 * processor (`SqsFifoPartialProcessor`) and of the idempotency wrapper together, `HeadStore` in
 * that of the persistence layer, and `BatchAnswer.notDurable` is what `batchItemFailures` lists.
 */

// Consuming: every message once, in order.
export {
  type BatchAnswer,
  type OrderedConsumer,
  type OrderedConsumerOptions,
  orderedConsumer,
} from "./consumer/consumer.ts";
export type { ConsumerEvent, Observe, ReturnReason } from "./consumer/consumer-event.ts";
export type { ConsumerReport } from "./consumer/consumer-report.ts";
export { CONSUMER_DEFAULTS, type ConsumerSettings } from "./consumer/consumer-settings.ts";
export type {
  Call,
  Delivery,
  Effect,
  EffectsHandler,
  ExternalHandler,
  FoldHandler,
} from "./consumer/handler.ts";
export {
  RECOMMENDED,
  RECOVERY_DEFAULTS,
  type GapRecovery,
  type RecoveryPolicies,
} from "./violation/recovery.ts";
export type { Redelivery } from "./violation/redelivery.ts";
export type { StartAt } from "./plan/start-at.ts";
export type { Deadline, DeadLetters, QueueRecord } from "./consumer/queue-record.ts";

// What travels.
export { type Decoded, decode, ENVELOPE_BYTES_MAX, encode } from "./envelope/decode.ts";
export type {
  ClaimCheckEnvelope,
  ControlEnvelope,
  Envelope,
  Message,
  SentEnvelope,
} from "./envelope/envelope.ts";
export { CLAIMED_BYTES_MAX, checkedIn, type ClaimCheckStore } from "./envelope/claim-check.ts";

// Acting on a stream from outside: control messages, and what needs them.
export { type Control, controlEnvelope, type Decision } from "./control/control.ts";
export type { HeadIndex } from "./head/head-index.ts";
export type {
  AuditLog,
  AuditPosition,
  AuditRecord,
  PlacedAuditRecord,
} from "./state/audit-record.ts";
export { sweep, type SweepOptions } from "./control/sweep.ts";
export type { EventBus, FifoSender, OutgoingMessage } from "./producer/sender.ts";

// Heads, and where they are stored.
export type { Halt, Head, HeadStatus, ParkedMessage, SequenceRange } from "./head/head.ts";
export { decodeHead, encodeHead } from "./head/head-codec.ts";
export type {
  BesideWrite,
  CommitAnswer,
  CommitBounds,
  Footprint,
  HeadCommit,
  HeadStore,
} from "./head/head-store.ts";
export { causeOf } from "./head/halt-cause.ts";
export { neverWritten } from "./head/head-transitions.ts";
export { type Violation, VIOLATION_KINDS, type ViolationKind } from "./violation/violation.ts";
export { auditBegin, auditNext, auditSkip, auditStart } from "./state/audit.ts";
export { type AuditEvidence, type AuditVerdict, verifyAudit } from "./state/verify-audit.ts";
export { rebuild, rebuildFrom, type RebuildOptions, type StateAt } from "./state/rebuild.ts";
export { rebuildHead, type RebuildHeadOptions } from "./state/rebuild-head.ts";
export { type StoredLog, storedMessages } from "./producer/stored-messages.ts";
export { failureOf } from "./consumer/handling.ts";

// Producing: events numbered where they are stored, and carried out of there.
export { type NewCommit, nextCommit } from "./producer/commit-events.ts";
export {
  type AppendAnswer,
  type AppendWrite,
  type Commit,
  type CommitLog,
  type EventRange,
  type EventStore,
  isWithin,
  type StoredEvent,
} from "./producer/event-store.ts";
export {
  type Change,
  envelopesOf,
  type Relay,
  type RelayAnswer,
  type RelayOptions,
  type Route,
  relay,
} from "./producer/relay.ts";
export {
  type FiledViolation,
  VIOLATION_FILED,
  violationEnvelope,
} from "./violation/violation-notice.ts";

// Producing once more: what a consumer misses, out of the store.
export {
  redeliveryFrom,
  resend,
  type ResendOptions,
  resendSince,
  type ResendSinceOptions,
  type Resent,
} from "./producer/resend.ts";
export {
  reconcile,
  reconcileAll,
  type Reconciled,
  type ReconcileOptions,
  type Reader,
} from "./producer/reconcile.ts";
