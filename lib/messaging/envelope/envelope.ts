/**
 * What travels: a CloudEvents 1.0 event with the extensions that carry order. The order lives in
 * the body, because SQS ids and attributes change on redrive.
 */
import type { JsonObject } from "#kernel/json";
import type { EpochMs } from "#kernel/units";

/**
 * Source: CloudEvents 1.0.2, section "Context Attributes"; `sequence`, `partitionkey`,
 * `traceparent` are extensions.
 */
export type Envelope = {
  readonly specversion: "1.0";
  /** Unique within `source`; the same for every copy of the event. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** RFC 3339; when the thing happened, by its reporter's clock. Absent where nobody knows. */
  readonly time?: string;
  readonly subject?: string;
  readonly datacontenttype?: "application/json";
  readonly dataschema?: string;
  /**
   * The stream: messages that share it are numbered 1, 2, 3 ... by their producer.
   * Source: CloudEvents extension "Partitioning".
   */
  readonly partitionkey: string;
  /** Integer >= 1, where the extension "Sequence" has a text: it is compared, not only sorted. */
  readonly sequence: number;
  /** Source: W3C Trace Context; CloudEvents extension "Distributed Tracing". */
  readonly traceparent?: string;
  /** Ids that must be applied first: a JSON array of texts. */
  readonly dependencies?: string;
  /**
   * A vector clock: a JSON object of counters by node. Source: Fidge, "Timestamps in
   * Message-Passing Systems That Preserve the Partial Ordering" (1988).
   */
  readonly clock?: string;
  /** A Lamport time. Source: Lamport, "Time, Clocks, and the Ordering of Events" (1978). */
  readonly lamport?: number;
  readonly data: JsonObject;
};

/**
 * An envelope whose data is stored elsewhere, because it is too large for a queue.
 * Source: CloudEvents extension "Dataref (Claim Check Pattern)"; checksum and size are ours.
 */
export type ClaimCheckEnvelope = Omit<Envelope, "data"> & {
  /** Where the data is: what the claim check store answered when it was put there. */
  readonly dataref: string;
  /** Of the data's JSON text, in hex. */
  readonly datasha256: string;
  /** UTF-8 bytes of that text. */
  readonly datasize: number;
};

/** An event as it travels: with its data, or with a claim check in its place. */
export type SentEnvelope = Envelope | ClaimCheckEnvelope;

/** A control message has no place in the order of its stream; see `control.ts`. */
export type ControlEnvelope = Omit<Envelope, "sequence">;

/** Names data that is stored elsewhere, and what it must be. */
export type ClaimCheck = {
  readonly ref: string;
  readonly sha256: string;
  readonly bytes: number;
};

/** A decoded envelope, with its time as a number. */
export type Message = {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly stream: string;
  /** Integer >= 1. */
  readonly sequence: number;
  readonly time?: EpochMs;
  readonly traceparent?: string;
  /** Ids that must be applied first. */
  readonly dependencies?: readonly string[];
  readonly clock?: Readonly<Record<string, number>>;
  readonly lamport?: number;
  /** Its data is stored elsewhere; until it is fetched, `data` is empty. */
  readonly claimCheck?: ClaimCheck;
  readonly data: JsonObject;
};
