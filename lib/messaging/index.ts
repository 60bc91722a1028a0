/**
 * What users of the library need, by name.
 */

// Consuming: every message once, in order.
export {
  type BatchAnswer,
  type OrderedConsumer,
  type OrderedConsumerOptions,
  orderedConsumer,
} from "./consumer.ts";
export type { ConsumerEvent, Observe, ReturnReason } from "./consumer-event.ts";
export type { ConsumerReport } from "./consumer-report.ts";
export { CONSUMER_DEFAULTS, type ConsumerSettings } from "./consumer-settings.ts";
export type {
  Call,
  Delivery,
  Effect,
  EffectsHandler,
  ExternalHandler,
  FoldHandler,
} from "./handler.ts";
export {
  RECOMMENDED,
  RECOVERY_DEFAULTS,
  type GapRecovery,
  type RecoveryPolicies,
} from "./recovery.ts";
export type { Redelivery } from "./redelivery.ts";
export type { StartAt } from "./start-at.ts";
export type { Deadline, DeadLetters, QueueRecord } from "./queue-record.ts";

// What travels.
export { type Decoded, decode, ENVELOPE_BYTES_MAX, encode } from "./decode.ts";
export type {
  ClaimCheckEnvelope,
  ControlEnvelope,
  Envelope,
  Message,
} from "./envelope.ts";
export { CLAIMED_BYTES_MAX, checkedIn, type ClaimCheckStore } from "./claim-check.ts";

// Acting on a stream from outside: control messages, and what needs them.
export { type Control, controlEnvelope, type Decision } from "./control.ts";
export type { AuditLog, HeadIndex } from "./head-index.ts";
export type { AuditRecord, PlacedAuditRecord } from "./audit-record.ts";
export { sweep, type SweepOptions } from "./sweep.ts";
export type { EventBus, FifoSender, OutgoingMessage } from "./sender.ts";

// Heads, and where they are stored.
export type { Halt, Head, HeadStatus, ParkedMessage, SequenceRange } from "./head.ts";
export { decodeHead, encodeHead } from "./head-codec.ts";
export type {
  BesideWrite,
  CommitAnswer,
  CommitBounds,
  Footprint,
  HeadCommit,
  HeadStore,
} from "./head-store.ts";
export { neverWritten } from "./head-transitions.ts";
export { type Violation, VIOLATION_KINDS, type ViolationKind } from "./violation.ts";
export { auditBegin, auditNext, auditSkip, auditStart } from "./audit.ts";
export { failureOf } from "./handling.ts";

// Producing: events numbered where they are stored, and carried out of there.
export { type NewCommit, nextCommit } from "./commit-events.ts";
export type {
  AppendAnswer,
  AppendWrite,
  Commit,
  CommitLog,
  EventStore,
  StoredEvent,
} from "./event-store.ts";
export {
  type Change,
  envelopesOf,
  type Relay,
  type RelayAnswer,
  type RelayOptions,
  type Route,
  relay,
} from "./relay.ts";
export { type FiledViolation, VIOLATION_FILED, violationEnvelope } from "./violation-notice.ts";

// Producing once more: what a consumer misses, out of the store.
export {
  redeliveryFrom,
  resend,
  type ResendOptions,
  resendSince,
  type ResendSinceOptions,
  type Resent,
} from "./resend.ts";
export {
  reconcile,
  type Reconciled,
  type ReconcileOptions,
  type Reader,
} from "./reconcile.ts";
