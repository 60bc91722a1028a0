/**
 * What stands between the senders and the sandboxes in one schedule: the queue with its dead
 * letters, and the mapping that hands batches over.
 */
import type { Rng } from "#kernel/rng";
import type { BatchAnswer, QueueRecord } from "#messaging";
import { eventSource } from "../event-source.ts";
import type { FaultSwarm } from "../faults.ts";
import { type FifoQueue, fifoQueue, type Received } from "../fifo-queue.ts";
import type { LambdaHost } from "../lambda-host.ts";
import { mappingFaults, mixedGroups } from "../mapping-faults.ts";
import type { Scheduler } from "../scheduler.ts";

export type PlumbingOptions = {
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly visibilityMs: number;
  readonly attemptsMax: number;
  readonly host: () => LambdaHost<readonly QueueRecord[], BatchAnswer>;
  readonly note: (what: string, about: unknown) => void;
};

export type Plumbing = {
  readonly queue: FifoQueue;
  readonly dead: FifoQueue;
  send(message: { group: string; body: string; deduplicationId: string }): void;
  /** Something was sent to the queue itself. */
  wake(): void;
  redrive(): void;
  isEmpty(): boolean;
};

export function plumbing(options: PlumbingOptions): Plumbing {
  const { scheduler, swarm, rng, visibilityMs, attemptsMax, host, note } = options;
  const now = (): number => scheduler.now();
  const dead = fifoQueue({ visibilityMs, name: "dead" });
  const queue = fifoQueue({
    visibilityMs,
    deadLetterQueue: dead,
    // As the construct has it.
    maxReceiveCount: 2 * attemptsMax + 5,
    pick: mixedGroups(rng),
    onChange: ({ kind, message }) =>
      note(`queue: ${kind}`, `${message.group} ${message.messageId}`),
  });
  const mapping = eventSource({
    queue,
    batchSize: 1 + rng.int(10),
    concurrencyMax: 2 + rng.int(3),
    time: scheduler,
    invoke: (received, ended) =>
      host().invoke(received.map(recordOf), (end) => {
        const { kind } = end;
        note(`invocation of ${received.length}`, kind);
        ended(kind === "answered" ? { kind, answer: end.answer.notDurable } : { kind });
      }),
    faults: mappingFaults(swarm, rng),
  });
  const isEmpty = ({ visible, inFlight }: ReturnType<FifoQueue["depth"]>): boolean =>
    visible + inFlight === 0;

  return {
    queue,
    dead,
    send(message) {
      queue.send(message, now());
      mapping.wake();
    },
    wake: () => mapping.wake(),
    redrive() {
      dead.redriveTo(queue, now());
      mapping.wake();
    },
    isEmpty: () => isEmpty(queue.depth(now())) && isEmpty(dead.depth(now())),
  };
}

const recordOf = ({ messageId, group, body }: Received): QueueRecord => ({
  receiptId: messageId,
  group,
  body,
});
