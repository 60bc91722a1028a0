/**
 * The queue of the simulated system with its dead letters and its event source mapping, and the
 * books about where each publication has copies.
 */
import type { Rng } from "#kernel/rng";
import type { DeadLetters, QueueRecord } from "#messaging";
import { type BatchEnd, eventSource, type EventSourceFaults } from "#simulation/event-source";
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import { fifoQueue, type PickGroup, type QueueChange, type Received } from "#simulation/fifo-queue";
import { queueDeadLetters } from "#simulation/queue-ports";
import type { Scheduler } from "#simulation/scheduler";
import type { Publication, Publications } from "./publication.ts";

export const SOURCE_FAULTS = {
  "racing-twin": [0.01, 0.2],
  "lost-receive": [0.005, 0.05],
  "lost-delete": [0.005, 0.08],
  "late-batch": [0.005, 0.08],
} as const satisfies FaultRates;

export type SourceOptions = {
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly publications: Publications;
  readonly batchSize: number;
  readonly concurrencyMax: number;
  readonly visibilityMs: number;
  readonly maxReceiveCount: number;
  readonly invoke: (records: readonly QueueRecord[], ended: (end: BatchEnd) => void) => void;
  readonly onChange: (kind: QueueChange["kind"] | "buried", publication: Publication) => void;
};

export type Source = {
  send(publication: Publication, deduplicationId: string): void;
  readonly deadLetters: DeadLetters;
  /** Moves what is among the dead letters back. */
  readonly redrive: () => void;
  /** The same for what the queue itself gave up; what the consumer buried stays. */
  readonly redriveForgotten: () => void;
  /** Nothing is in the queue, and among the dead letters nothing that the consumer did not bury. */
  isEmpty(): boolean;
};

/** Longer than a visibility timeout. */
const LATE_BATCH_MS_MAX = 20_000;

export function source(options: SourceOptions): Source {
  const { scheduler, rng, publications, onChange } = options;
  const now = (): number => scheduler.now();
  /** Publications with a copy that the consumer did not bury: in the queue, or given up by it. */
  let outstanding = 0;
  const count = (publication: Publication, copies: number, buried: number): void => {
    const was = publication.copies > publication.buried;
    publication.copies += copies;
    publication.buried += buried;
    const is = publication.copies > publication.buried;
    if (is !== was) outstanding += is ? 1 : -1;
  };
  const dead = fifoQueue({
    visibilityMs: options.visibilityMs,
    name: "dead",
    onChange: ({ kind, message }) => {
      const found = publications.find(message.group, message.body);
      if (found === undefined) return;
      const isBuried = message.attributes?.["cause"] !== undefined;
      const by = kind === "sent" ? 1 : -1;
      count(found, by, isBuried ? by : 0);
      if (isBuried) found.wasBuried = true;
      onChange(kind === "sent" ? "buried" : kind, found);
    },
  });
  const queue = fifoQueue({
    visibilityMs: options.visibilityMs,
    deadLetterQueue: dead,
    maxReceiveCount: options.maxReceiveCount,
    pick: mixed(rng),
    onChange: ({ kind, message }) => {
      const found = publications.find(message.group, message.body);
      if (found === undefined) return;
      count(found, kind === "sent" ? 1 : -1, 0);
      onChange(kind, found);
    },
  });
  const isQueueEmpty = (): boolean => {
    const { visible, inFlight } = queue.depth(now());
    return visible + inFlight === 0;
  };
  const isForgotten = (): boolean => outstanding > 0;
  const mapping = eventSource({
    queue,
    batchSize: options.batchSize,
    concurrencyMax: options.concurrencyMax,
    time: scheduler,
    invoke: (received, ended) => options.invoke(received.map(recordOf), ended),
    faults: mappingFaults(options),
  });
  const redrive = (): void => {
    dead.redriveTo(queue, now());
    mapping.wake();
  };

  return {
    send({ group, body }, deduplicationId) {
      queue.send({ group, body, deduplicationId }, now());
      mapping.wake();
    },
    deadLetters: queueDeadLetters({ queue: dead, now }),
    redrive,
    redriveForgotten() {
      if (isForgotten() && isQueueEmpty()) redrive();
    },
    isEmpty: () => !isForgotten() && isQueueEmpty(),
  };
}

function mappingFaults({ swarm, rng }: SourceOptions): EventSourceFaults {
  const hits = (fault: keyof typeof SOURCE_FAULTS): boolean => {
    if (!swarm.fires(fault)) return false;
    swarm.happened(fault);
    return true;
  };
  return {
    losesReceive: () => hits("lost-receive"),
    losesDelete: () => hits("lost-delete"),
    repeats: () => hits("racing-twin"),
    delayMs: () => (hits("late-batch") ? rng.int(LATE_BATCH_MS_MAX) : 0),
  };
}

const recordOf = ({ messageId, group, body }: Received): QueueRecord => ({
  receiptId: messageId,
  group,
  body,
});

/** Mostly more of the same group; sometimes another, so that batches mix groups in every way. */
const mixed =
  (rng: Rng): PickGroup =>
  (available, previous) => {
    const isSame = previous !== undefined && available.includes(previous) && rng.int(4) > 0;
    return isSame ? previous : (available[rng.int(available.length)] ?? "");
  };
