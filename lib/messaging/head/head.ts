/**
 * A head is a consumer's durable position in one stream: one item, written under the fence of its
 * `version`.
 */
import type { Json } from "#kernel/json";
import type { EpochMs } from "#kernel/units";
import type { Message } from "../envelope/envelope.ts";
import type { Violation } from "../violation/violation.ts";

export type HeadStatus = "running" | "halted" | "draining";

/** A message that is stored with the head because it may not run yet. */
export type ParkedMessage = {
  readonly sequence: number;
  /** Of its source and id, as in `recent`. */
  readonly hash: string;
  readonly parkedAt: EpochMs;
  /** Why it waits: a predecessor is missing, or its stream is halted (or draining). */
  readonly reason: "early" | "halted";
  /** Absent when the head's share is used up: then it is in an item of its own beside the head. */
  readonly message?: Message;
};

/** Both ends belong to it. */
export type SequenceRange = { readonly from: number; readonly to: number };

/** Who calls somebody else for a message right now, and until when nobody else may. */
export type Claim = {
  readonly sequence: number;
  readonly owner: string;
  readonly until: EpochMs;
};

/**
 * The message that an external handler has been called for, perhaps with effect: it owns its
 * sequence from then on, also when its claim has ended. `hash` is as in `recent`.
 */
export type Called = {
  readonly sequence: number;
  readonly hash: string;
  /** Calls begun since the stream came to it, or since it was last decided on. */
  readonly times: number;
};

/** The gap before the first parked message, once its deadline has passed. */
export type OverdueGap = {
  /** The first missing sequence. */
  readonly sequence: number;
  /** Recoveries begun so far. */
  readonly tries: number;
};

export type Halt = {
  readonly sequence: number;
  readonly messageId: string;
  /**
   * Of the message that is the cause, as in `recent`, so that another one which comes to wait at
   * the sequence is not taken for it. Empty where none is (a gap, a body that is gone); absent on
   * heads that an earlier release wrote.
   */
  readonly hash?: string;
  readonly code: string;
  readonly message: string;
  readonly at: EpochMs;
};

export type Head = {
  readonly stream: string;
  /** The fence: every write is conditional on the version read and adds 1. 0 = never written. */
  readonly version: number;
  /**
   * Names the write that made this version, so that a writer whose answer was lost can find its
   * own.
   */
  readonly attemptId?: string;
  /** The last applied sequence: a high-water mark, so the deduplication window is unlimited. */
  readonly last: number;
  readonly status: HeadStatus;
  /** Sequences up to it were never asked for (`startAt`). Absent: the stream is known from 1. */
  readonly startedAfter?: number;
  /** No message follows any more; said by the handler. */
  readonly closed?: true;
  /**
   * The last 16 applied, so that two senders using one sequence are found. `hash` is the first 16
   * hex of that of source and id.
   */
  readonly recent: readonly { readonly sequence: number; readonly hash: string }[];
  /** By sequence, ascending; no sequence twice. */
  readonly parked: readonly ParkedMessage[];
  /** Failed attempts at `last + 1`; counted here, never by SQS's receive count. */
  readonly attempts: number;
  /** The last 16 ranges that a decision left out; what arrives of them is late. */
  readonly skipped: readonly SequenceRange[];
  /** Ids of the last 16 decided control messages, so that each is decided once. */
  readonly controls: readonly string[];
  readonly gap?: OverdueGap;
  readonly claim?: Claim;
  readonly called?: Called;
  readonly halt?: Halt;
  /** The last 8. */
  readonly violations: readonly Violation[];
  /**
   * H(previous, sequence, id, payload hash): a chain that a verifier recomputes from the producer's
   * log and the audit records.
   */
  readonly audit: string;
  /** The newest event time among the applied ones (and the stream's own beginning). */
  readonly newest?: EpochMs;
  /** When a sweep has to look at this stream; absent on healthy ones. */
  readonly dueAt?: EpochMs;
  /** The state of a fold; absent for the other kinds. */
  readonly state?: Json;
};
