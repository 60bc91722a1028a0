/**
 * What must hold between a consumer and its queue, checked when the stacks are made: each broken
 * rule loses or delays messages only under load or failure, when nobody is looking for it.
 */
import { Failure } from "#kernel/failure";
import {
  type ConsumerLimits,
  type ConsumerThresholds,
  type QueueLimits,
  receivesFor,
  VISIBILITY_PER_TIMEOUT,
} from "./consumer-limits.ts";

export type CheckedConsumer = ConsumerLimits & ConsumerThresholds;

type Numbered = Exclude<keyof CheckedConsumer, "acceptsShortGapDeadline" | "reservedConcurrency">;

/** [smallest, largest, why] of each; whole numbers. */
const RANGES: Readonly<Record<Numbered, readonly [number, number, string]>> = {
  // Source: AWS Lambda developer guide, "Lambda quotas".
  memoryMb: [128, 10_240, "of memory is what Lambda gives a function"],
  // The consumer begins no request with less than a second left of the invocation.
  timeoutSeconds: [2, 900, "is what a consumer can work with and Lambda allows"],
  // Source: "Amazon SQS message quotas" and "Amazon SQS dead-letter queues".
  visibilityTimeoutSeconds: [1, 43_200, "is what SQS allows"],
  receivesMax: [1, 1_000, "is what SQS counts to"],
  attemptsMax: [1, 100, "is what a consumer counts to"],
  // Source: AWS Lambda developer guide, "SQS event source mapping parameters".
  batchSize: [1, 10, "messages is what a FIFO queue delivers at once"],
  // Source: AWS Lambda developer guide, "Configuring maximum concurrency".
  concurrencyMax: [2, 1_000, "is what an event source mapping takes"],
  gapDeadlineSeconds: [1, 86_400, "is what a consumer waits for a message"],
  retryDelaySeconds: [1, 86_400, "is what a consumer waits to try again"],
  oldestMessageSeconds: [1, 1_209_600, "is how old a message of its queue gets"],
  parkedMessages: [1, 1_000, "is what one stream parks: above it the alarm would never ring"],
  commitP99Ms: [1, 900_000, "is how long a commit takes: above it the alarm would never ring"],
};

/**
 * Errors: `misconfigured` (reject) with every rule that is broken, the values and what to set
 * instead.
 */
export function checkConsumer(
  name: string,
  limits: CheckedConsumer,
  given: GivenQueue = { props: {} },
): void {
  const broken = [...saidTwice(given), ...rules(limits), ...ranges(limits)];
  if (broken.length === 0) return;
  throw new Failure(
    "misconfigured",
    "reject",
    `The consumer ${name} does not fit its queue:\n${broken.map((line) => `- ${line}`).join("\n")}`,
  );
}

/** A queue that was made elsewhere, and what the consumer's own props say about it. */
type GivenQueue = {
  readonly queue?: QueueLimits | undefined;
  readonly props: Partial<QueueLimits>;
};

function* saidTwice({ queue, props }: GivenQueue): Generator<string> {
  for (const name of ["visibilityTimeoutSeconds", "receivesMax"] as const) {
    const [made, own] = [queue?.[name], props[name]];
    if (made === undefined || own === undefined || made === own) continue;
    yield `${name} is ${own}, but the queue that it is given was made with ${made}: ` +
      "say it where the queue is made, and leave it out here.";
  }
}

function* ranges(limits: CheckedConsumer): Generator<string> {
  for (const [name, [smallest, largest, why]] of Object.entries(RANGES)) {
    const value = limits[name as Numbered];
    const isRight = Number.isSafeInteger(value) && value >= smallest && value <= largest;
    if (!isRight) {
      yield `${name} is ${value}, but ${smallest} to ${largest} ${why}: set it to a whole number ` +
        "in that range.";
    }
  }
}

function* rules(limits: ConsumerLimits): Generator<string> {
  const { timeoutSeconds, visibilityTimeoutSeconds, attemptsMax, receivesMax } = limits;
  const visibilityMin = VISIBILITY_PER_TIMEOUT * timeoutSeconds;
  if (visibilityTimeoutSeconds < visibilityMin) {
    yield `visibilityTimeoutSeconds is ${visibilityTimeoutSeconds}, but the function may run ` +
      `${timeoutSeconds} s and a retry of a throttled batch has to fit in: ` +
      `set it to at least ${visibilityMin} (6 x timeout), or timeoutSeconds to at most ` +
      `${Math.floor(visibilityTimeoutSeconds / VISIBILITY_PER_TIMEOUT)}.`;
  }
  const receivesMin = receivesFor(attemptsMax);
  if (receivesMax < receivesMin) {
    yield `receivesMax is ${receivesMax}, but the consumer itself tries a message ${attemptsMax} ` +
      "times and SQS also counts receives that no consumer saw: " +
      `set it to at least ${receivesMin} (2 x attempts + 5).`;
  }
  const { concurrencyMax, reservedConcurrency = concurrencyMax } = limits;
  if (!Number.isSafeInteger(reservedConcurrency) || reservedConcurrency < concurrencyMax) {
    yield `reservedConcurrency is ${reservedConcurrency}, but the mapping brings ` +
      `${concurrencyMax} batches at once, and one that Lambda throttles burns a receive of its ` +
      `messages: set it to a whole number of at least ${concurrencyMax}, or leave it out.`;
  }
  const { gapDeadlineSeconds, acceptsShortGapDeadline } = limits;
  const retriedSeconds = (attemptsMax - 1) * visibilityTimeoutSeconds;
  if (gapDeadlineSeconds <= retriedSeconds && !acceptsShortGapDeadline) {
    yield `gapDeadlineSeconds is ${gapDeadlineSeconds}, but a message that fails may be back in ` +
      `the queue for ${retriedSeconds} s ((attempts - 1) x visibility), and would be taken for ` +
      `missing: set it to more than ${retriedSeconds}, or fewer attempts or a shorter visibility.`;
  }
}
