/**
 * The numbers of an ordered consumer and of the queue in front of it: what they default to, so that
 * they fit together. `consumer-rules.ts` says what fits.
 */

/** Memory and time of one kind of function. Of a consumer: default 512 MB, 10 s. */
export type FunctionSize = { readonly memoryMb: number; readonly timeoutSeconds: number };

export type QueueLimits = {
  /** How long a batch that is worked on stays hidden from others. Default: 6 x timeout. */
  readonly visibilityTimeoutSeconds: number;
  /**
   * Receives after which SQS gives up; far above the attempts, so that it never does so on our
   * behalf. Default: 2 x attempts + 5.
   */
  readonly receivesMax: number;
};

export type ConsumerLimits = FunctionSize &
  QueueLimits & {
    /** How often the consumer tries one message before it halts its stream. Default 5. */
    readonly attemptsMax: number;
    /** Messages per invocation; SQS FIFO allows at most 10. Default 10. */
    readonly batchSize: number;
    /** Batches of one queue under way at once; at least 2. Default 10. */
    readonly concurrencyMax: number;
    /**
     * Of the account's concurrency, kept for the consumer alone: other functions then cannot
     * throttle it. Default: none.
     */
    readonly reservedConcurrency?: number | undefined;
    /**
     * How long a missing message is waited for before its gap is a violation. Default 300, or a
     * minute more than the attempts may take.
     */
    readonly gapDeadlineSeconds: number;
    /** Until a parked message whose attempt failed is tried again by itself. Default 60. */
    readonly retryDelaySeconds: number;
    /**
     * A message that waits to be tried again may be taken for missing: for stages in which a test
     * waits for gaps. Default: false.
     */
    readonly acceptsShortGapDeadline: boolean;
  };

export type ConsumerThresholds = {
  /** How old the oldest message of the queue may be. Default 300. */
  readonly oldestMessageSeconds: number;
  /** Messages that one stream has parked; the library takes at most 1,000. Default 500. */
  readonly parkedMessages: number;
  /** Of one commit in a hundred, in milliseconds. Default 1,000. */
  readonly commitP99Ms: number;
};

/**
 * Source: AWS Lambda developer guide, "Configuring a queue to use with Lambda": at least six times
 * the timeout.
 */
export const VISIBILITY_PER_TIMEOUT = 6;

/** SQS also counts receives that no consumer saw: of a batch that was throttled, or cut short. */
export const receivesFor = (attemptsMax: number): number => 2 * attemptsMax + 5;

/** As long as all attempts but the first may keep a message in the queue, and a minute more. */
const gapDeadlineFor = (attemptsMax: number, visibilityTimeoutSeconds: number): number =>
  Math.max(300, (attemptsMax - 1) * visibilityTimeoutSeconds + 60);

/** What is given, and for the rest what fits it. */
export function limitsWith(given: Partial<ConsumerLimits>): ConsumerLimits {
  const { timeoutSeconds = 10, attemptsMax = 5 } = given;
  const { visibilityTimeoutSeconds = VISIBILITY_PER_TIMEOUT * timeoutSeconds } = given;
  return {
    timeoutSeconds,
    attemptsMax,
    visibilityTimeoutSeconds,
    memoryMb: given.memoryMb ?? 512,
    receivesMax: given.receivesMax ?? receivesFor(attemptsMax),
    batchSize: given.batchSize ?? 10,
    concurrencyMax: given.concurrencyMax ?? 10,
    reservedConcurrency: given.reservedConcurrency,
    gapDeadlineSeconds:
      given.gapDeadlineSeconds ?? gapDeadlineFor(attemptsMax, visibilityTimeoutSeconds),
    retryDelaySeconds: given.retryDelaySeconds ?? 60,
    acceptsShortGapDeadline: given.acceptsShortGapDeadline ?? false,
  };
}

export const thresholdsWith = (given: Partial<ConsumerThresholds>): ConsumerThresholds => ({
  oldestMessageSeconds: given.oldestMessageSeconds ?? 300,
  parkedMessages: given.parkedMessages ?? 500,
  commitP99Ms: given.commitP99Ms ?? 1_000,
});
