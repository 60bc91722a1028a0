/**
 * What must hold between a consumer and its queue, checked when the stacks are made: each broken
 * rule loses or delays messages only under load or failure, when nobody is looking for it.
 */
import { Failure } from "#kernel/failure";
import type { ConsumerLimits } from "../config/stage.ts";

/**
 * Source: AWS Lambda developer guide, "Configuring a queue to use with Lambda": at least six times
 * the timeout.
 */
const VISIBILITY_PER_TIMEOUT = 6;
/**
 * Source: AWS Lambda developer guide, "SQS event source mapping parameters": at most 10 for FIFO
 * queues.
 */
const BATCH_SIZE_MAX = 10;
/** Source: AWS Lambda developer guide, "Configuring maximum concurrency": 2 to 1000. */
const CONCURRENCY_MIN = 2;
const CONCURRENCY_MAX = 1000;

/**
 * Errors: `misconfigured` (reject) with every rule that is broken, the values and what to set
 * instead.
 */
export function checkConsumer(name: string, limits: ConsumerLimits): void {
  const broken = [...rules(limits)];
  if (broken.length === 0) return;
  throw new Failure(
    "misconfigured",
    "reject",
    `The consumer ${name} does not fit its queue:\n${broken.map((line) => `- ${line}`).join("\n")}`,
  );
}

function* rules(limits: ConsumerLimits): Generator<string> {
  const { timeoutSeconds, visibilityTimeoutSeconds, attemptsMax, receivesMax } = limits;
  const visibilityMin = VISIBILITY_PER_TIMEOUT * timeoutSeconds;
  if (visibilityTimeoutSeconds < visibilityMin) {
    yield `visibilityTimeoutSeconds is ${visibilityTimeoutSeconds}, but the function may run ` +
      `${timeoutSeconds} s and a retry of a throttled batch has to fit in: ` +
      `set it to at least ${visibilityMin} (6 x timeout).`;
  }
  const receivesMin = 2 * attemptsMax + 5;
  if (receivesMax < receivesMin) {
    yield `receivesMax is ${receivesMax}, but the consumer itself tries a message ${attemptsMax} ` +
      "times and SQS also counts receives that no consumer saw: " +
      `set it to at least ${receivesMin} (2 x attempts + 5).`;
  }
  if (limits.batchSize < 1 || limits.batchSize > BATCH_SIZE_MAX) {
    yield `batchSize is ${limits.batchSize}, but a FIFO queue delivers 1 to ${BATCH_SIZE_MAX} ` +
      "messages at once.";
  }
  if (limits.concurrencyMax < CONCURRENCY_MIN || limits.concurrencyMax > CONCURRENCY_MAX) {
    yield `concurrencyMax is ${limits.concurrencyMax}, but a mapping takes ` +
      `${CONCURRENCY_MIN} to ${CONCURRENCY_MAX}.`;
  }
}
