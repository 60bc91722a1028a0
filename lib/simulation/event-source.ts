/**
 * The event source mapping between an SQS FIFO queue and a function. Pages are of the AWS Lambda
 * Developer Guide (docs.aws.amazon.com/lambda/latest/dg).
 *
 * That a group is in one invocation at a time is the queue's doing (its messages are in flight), so
 * it lasts as long as their visibility timeout: an invocation that outlives it meets its twin.
 */
import type { FifoQueue, Received } from "./fifo-queue.ts";

/** Fits `InvocationEnd` of the Lambda host. */
export type BatchEnd =
  /**
   * The message ids of `batchItemFailures`. None: everything succeeded. One that is not in the
   * batch: everything failed (services-sqs-errorhandling.html, "Success and failure conditions").
   */
  | { readonly kind: "answered"; readonly answer: readonly string[] }
  | { readonly kind: "crashed" }
  | { readonly kind: "timed-out" };

/** Each says whether it shall happen now; absent: it never does. */
export type EventSourceFaults = {
  /** The messages were received, and nobody heard of it: they wait out their visibility timeout. */
  readonly losesReceive?: () => boolean;
  /** This message stays, although its batch succeeded. */
  readonly losesDelete?: (record: Received) => boolean;
  /**
   * The batch is handed over a second time: "event source mappings process each event at least
   * once, and duplicate processing of records can occur" (invocation-eventsourcemapping.html).
   */
  readonly repeats?: () => boolean;
  /** How long a received batch lies about before it is handed over. */
  readonly delayMs?: () => number;
};

export type EventSourceOptions = {
  readonly queue: FifoQueue;
  /** At most 10 (services-sqs-parameters.html, BatchSize). */
  readonly batchSize: number;
  /** Invocations at once (services-sqs-scaling.html, maximum concurrency). */
  readonly concurrencyMax: number;
  /** The scheduler fits. */
  readonly time: { now(): number; at(time: number, act: () => void): void };
  /** `ended` is called once for each call. */
  readonly invoke: (records: readonly Received[], ended: (end: BatchEnd) => void) => void;
  readonly faults?: EventSourceFaults;
};

export type EventSource = {
  /** Something may have become available: after a send, a redrive, a shorter visibility. */
  wake(): void;
  /** Invocations under way. */
  running(): number;
};

/** Between the moment that something is available and the receive. */
const POLL_MS = 5;

export function eventSource(options: EventSourceOptions): EventSource {
  const { queue, batchSize, concurrencyMax, time, invoke, faults = {} } = options;
  let running = 0;
  let allowance = concurrencyMax;
  /** The next poll; later ones that were planned before are void. */
  let pollAt = Number.POSITIVE_INFINITY;

  const pollBy = (when: number): void => {
    if (when >= pollAt) return;
    pollAt = when;
    time.at(when, () => {
      if (pollAt !== when) return;
      pollAt = Number.POSITIVE_INFINITY;
      poll();
    });
  };
  const wake = (): void => pollBy(time.now() + POLL_MS);

  const poll = (): void => {
    while (running < allowance) {
      const records = queue.receive(batchSize, time.now());
      if (records.length === 0) break;
      if (faults.losesReceive?.() !== true) start(records);
    }
    const next = queue.nextVisibleAt(time.now());
    if (next !== undefined) pollBy(next + POLL_MS);
  };

  const start = (records: readonly Received[]): void => {
    const delayMs = faults.delayMs?.() ?? 0;
    hand(records, delayMs);
    if (faults.repeats?.() === true) hand(records, delayMs + (faults.delayMs?.() ?? 0));
  };

  const hand = (records: readonly Received[], delayMs: number): void => {
    running += 1;
    const call = (): void => invoke(records, (end) => ended(records, end));
    if (delayMs === 0) call();
    else time.at(time.now() + delayMs, call);
  };

  const ended = (records: readonly Received[], end: BatchEnd): void => {
    running -= 1;
    // "Lambda gradually backs off, reducing the amount of concurrency" after errors of the
    // function (services-sqs-errorhandling.html, "Backoff strategy for failed invocations").
    allowance =
      end.kind === "answered"
        ? Math.min(concurrencyMax, allowance + 1)
        : Math.max(1, allowance - 1);
    for (const record of succeeded(records, end)) {
      // What is over its visibility timeout cannot be deleted any more, and comes again.
      if (faults.losesDelete?.(record) !== true) queue.delete(record.receiptHandle, time.now());
    }
    // What failed stays hidden until its visibility timeout ends, and its group with it.
    wake();
  };

  return { wake, running: () => running };
}

/** "If your function throws an exception, the entire batch is considered a complete failure." */
function succeeded(records: readonly Received[], end: BatchEnd): readonly Received[] {
  if (end.kind !== "answered") return [];
  const ids = new Set(records.map(({ messageId }) => messageId));
  if (end.answer.some((id) => !ids.has(id))) return [];
  return records.filter(({ messageId }) => !end.answer.includes(messageId));
}
