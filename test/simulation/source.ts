/**
 * The queue of the simulated system with its dead letters and its event source mapping, and the
 * books about where each publication has copies.
 */
import type { Rng } from "#kernel/rng";
import type { DeadLetters, QueueRecord } from "#messaging";
import { type BatchEnd, eventSource } from "#simulation/event-source";
import type { FaultSwarm } from "#simulation/faults";
import { fifoQueue, type QueueChange, type Received } from "#simulation/fifo-queue";
import { mappingFaults, mixedGroups } from "#simulation/mapping-faults";
import { queueDeadLetters } from "#simulation/queue-ports";
import type { Scheduler } from "#simulation/scheduler";
import type { Publication, Publications } from "./publication.ts";

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
    pick: mixedGroups(rng),
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
    faults: mappingFaults(options.swarm, rng),
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

const recordOf = ({ messageId, group, body }: Received): QueueRecord => ({
  receiptId: messageId,
  group,
  body,
});
