/**
 * What a queue delivers, without the queue's own vocabulary.
 */
import type { EpochMs } from "#kernel/units";

export type QueueRecord = {
  /** What the answer names a message by (SQS: messageId). */
  readonly receiptId: string;
  /** The partition that it came through (SQS: MessageGroupId). */
  readonly group: string;
  readonly body: string;
  /** When it was sent (SQS: SentTimestamp): the age of what bears no time of its own. */
  readonly sentAt?: EpochMs;
};

/** The end of the invocation; the consumer stops in time and returns what is not durable. */
export type Deadline = {
  /** In milliseconds (Lambda: `getRemainingTimeInMillis`). */
  remainingMs(): number;
  /**
   * Calls `tell` once, as soon as less than `marginMs` is left; what it answers prevents that.
   * Without it a call that hangs holds up the answer, and so the messages of all other streams.
   */
  near?(marginMs: number, tell: () => void): () => void;
};

/**
 * Where the consumer sends what it cannot decode, what breaks its stream's order and what no head
 * has room for, with the cause, before acknowledging it. Contract: resolves when the whole record
 * is durable elsewhere, with as much of the cause as fits; throws otherwise, and the record stays
 * in the queue.
 */
export type DeadLetters = {
  bury(record: QueueRecord, cause: string): Promise<void>;
};
