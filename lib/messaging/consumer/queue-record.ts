/**
 * What a queue delivers, without the queue's own vocabulary.
 */

export type QueueRecord = {
  /** What the answer names a message by (SQS: messageId). */
  readonly receiptId: string;
  /** The partition that it came through (SQS: MessageGroupId). */
  readonly group: string;
  readonly body: string;
};

/**
 * How much of the invocation is left, in milliseconds (Lambda: `getRemainingTimeInMillis`); the
 * consumer stops in time and returns what is not durable.
 */
export type Deadline = { remainingMs(): number };

/**
 * Where the consumer sends what it cannot decode, with the cause, before acknowledging it.
 * Contract: resolves when the record is durable elsewhere; throws otherwise, and the record stays
 * in the queue.
 */
export type DeadLetters = {
  bury(record: QueueRecord, cause: string): Promise<void>;
};
