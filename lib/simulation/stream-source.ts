/**
 * The event source mapping of a DynamoDB stream and a function: one batch of a shard at a time,
 * all shards at once, and what fails again until it succeeds. Pages are of the AWS Lambda Developer
 * Guide (docs.aws.amazon.com/lambda/latest/dg).
 */
import type { ChangeStream, StreamBatch, StreamRecord } from "./change-stream.ts";

/** Fits `InvocationEnd` of the Lambda host. */
export type StreamBatchEnd =
  /**
   * The first position of `batchItemFailures`. Undefined: everything succeeded. One that is not in
   * the batch: everything failed (services-ddb-batchfailurereporting.html).
   */
  | { readonly kind: "answered"; readonly answer: string | undefined }
  | { readonly kind: "crashed" }
  | { readonly kind: "timed-out" };

export type StreamSourceFaults = {
  /** How many of so many records make a batch; nothing says where Lambda cuts. */
  readonly cutsTo?: (count: number) => number;
  /** The batch is handed over a second time, at once (invocation-eventsourcemapping.html). */
  readonly repeats?: () => boolean;
};

export type StreamSourceOptions = {
  readonly changes: ChangeStream;
  readonly batchSize: number;
  /** The scheduler fits. */
  readonly time: { after(delayMs: number, act: () => void): void };
  /** `ended` is called once for each call. */
  readonly invoke: (records: readonly StreamRecord[], ended: (end: StreamBatchEnd) => void) => void;
  /** Told how many records are looked at again. */
  readonly onRetry?: (count: number) => void;
  readonly faults?: StreamSourceFaults;
};

export type StreamSource = {
  /** Something was appended. */
  wake(): void;
};

/** "Lambda polls shards in your DynamoDB stream [...] at a base rate of 4 times per second." */
const POLL_MS = 250;
const AGAIN_MS = 1_000;

export function streamSource(options: StreamSourceOptions): StreamSource {
  const { changes, batchSize, time, invoke, onRetry, faults = {} } = options;
  /** Shards with a batch under way, or one that rests before it is tried again. */
  const busy = new Set<string>();
  /** Sizes of the batches that a failed one was cut into, by shard; the next one last. */
  const cuts = new Map<string, number[]>();
  let isPlanned = false;

  const wake = (): void => {
    if (isPlanned) return;
    isPlanned = true;
    time.after(POLL_MS, () => {
      isPlanned = false;
      poll();
    });
  };

  const poll = (): void => {
    for (const batch of changes.next(batchSize)) if (!busy.has(batch.shard)) start(batch);
  };

  const start = ({ shard, records }: StreamBatch): void => {
    const count = records.length;
    const size = cuts.get(shard)?.pop() ?? faults.cutsTo?.(count) ?? count;
    const batch = { shard, records: records.slice(0, size) };
    busy.add(shard);
    invoke(batch.records, (end) => ended(batch, end));
    // What the second call answers, the mapping does not hear.
    if (faults.repeats?.() === true) invoke(batch.records, () => undefined);
  };

  const ended = (batch: StreamBatch, end: StreamBatchEnd): void => {
    const { shard, records } = batch;
    const failed = end.kind === "answered" ? end.answer : records[0]?.position;
    if (failed === undefined) {
      changes.advance(batch);
      busy.delete(shard);
      return wake();
    }
    const index = records.findIndex(({ position }) => position === failed);
    const done = end.kind === "answered" ? Math.max(0, index) : 0;
    if (done > 0) changes.advance(batch, failed);
    const rest = records.length - done;
    onRetry?.(rest);
    cuts.set(shard, [...(cuts.get(shard) ?? []), ...halves(rest, done > 0)]);
    time.after(AGAIN_MS, () => {
      busy.delete(shard);
      poll();
    });
  };

  return { wake };
}

/**
 * "If your invocation fails and BisectBatchOnFunctionError is turned on, the batch is bisected";
 * where a part of it succeeded, "at the returned sequence number, and Lambda retries only the
 * remaining records" (services-ddb-batchfailurereporting.html).
 */
function halves(count: number, isPartial: boolean): readonly number[] {
  if (isPartial || count === 1) return [count];
  const first = Math.ceil(count / 2);
  return [count - first, first];
}
