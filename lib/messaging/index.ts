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
export type { Delivery, Effect, EffectsHandler, FoldHandler } from "./handler.ts";
export type { Deadline, DeadLetters, QueueRecord } from "./queue-record.ts";

// What travels.
export { type Decoded, decode, ENVELOPE_BYTES_MAX, encode } from "./decode.ts";
export type { Envelope, Message } from "./envelope.ts";
export type { EventBus, FifoSender, OutgoingMessage } from "./sender.ts";

// Heads, and where they are stored.
export type { Halt, Head, HeadStatus, ParkedMessage } from "./head.ts";
export { decodeHead, encodeHead } from "./head-codec.ts";
export type { CommitAnswer, CommitBounds, Footprint, HeadCommit, HeadStore } from "./head-store.ts";
export { neverWritten } from "./head-transitions.ts";
export type { Violation, ViolationKind } from "./violation.ts";
export { auditNext, auditStart } from "./audit.ts";
export { failureOf } from "./handling.ts";

// Producing: events numbered where they are stored, and carried out of there.
export { type NewCommit, nextCommit } from "./commit-events.ts";
export type { AppendAnswer, AppendWrite, Commit, EventStore, StoredEvent } from "./event-store.ts";
export {
  type Change,
  envelopesOf,
  type Relay,
  type RelayAnswer,
  type RelayOptions,
  type Route,
  relay,
} from "./relay.ts";
