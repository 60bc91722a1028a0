/**
 * The way from a placed order to its saga, as it is deployed: the relay, the FIFO queue, its event
 * source mapping, and the function that starts executions.
 */
import { memoryHeadIndex, memoryHeadStore } from "#adapters/memory/head-store";
import { ORDER_EVENT_READERS, ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import { fnv1a, type Rng } from "#kernel/rng";
import {
  type Commit,
  controlEnvelope,
  type FifoSender,
  type HeadStore,
  type QueueRecord,
  relay,
  sweep,
} from "#messaging";
import type { OrderStore } from "#services/orders/ports";
import { type ChangeStream, changeStream } from "#simulation/change-stream";
import { eventSource } from "#simulation/event-source";
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import { fifoQueue, type Received } from "#simulation/fifo-queue";
import { lambdaHost } from "#simulation/lambda-host";
import { queueDeadLetters, queueSender } from "#simulation/queue-ports";
import type { Remote } from "#simulation/remote";
import type { Scheduler } from "#simulation/scheduler";
import { simulatedTable } from "#simulation/table";
import type { SagaPlant } from "./plant.ts";
import type { Relayed } from "./relayed.ts";
import { RELAY_FAULTS, relaying } from "./relaying.ts";
import { type Machines, sagaStart } from "./saga-start.ts";

export const OUTBOX_FAULTS = {
  ...RELAY_FAULTS,
  "racing-twin": [0.05, 0.4],
  "lost-receive": [0.01, 0.1],
  "lost-delete": [0.02, 0.2],
} as const satisfies FaultRates;

export type OutboxOptions = {
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly remote: Remote;
  readonly changes: ChangeStream;
  readonly machines: Machines;
  readonly orders: OrderStore;
  readonly plant: SagaPlant;
  readonly relayed: Relayed;
  readonly reach: (branch: string) => void;
};

export type Outbox = {
  /** Something was committed. */
  wake(): void;
  /** Sends an order's event once more, as a resend by hand does. */
  resend(commit: Commit, deduplicationId: string): void;
  /** Moves the queue's dead letters back, has halted streams try again, and sweeps. */
  repair(): void;
};

const VISIBILITY_MS = 60_000;
const START_TIMEOUT_MS = 10_000;
const SKEW_MS_MAX = 60_000;
const CONSUMER = "saga-start";
const HALTED_MAX = 1_000;
const RECEIVES_MIN = 4;
const RECEIVES_MORE = 12;

/** @param isApart whether the items of one order are read beside each other. */
export const changesOf = (isApart: boolean): ChangeStream =>
  isApart
    ? changeStream({ hash: (partition, sort) => fnv1a(`${partition} ${sort}`), shards: 2 })
    : changeStream({ hash: (partition) => fnv1a(partition) });

export function outbox(options: OutboxOptions): Outbox {
  const { scheduler, reach } = options;
  const { sender, wake, dead, queue, heads, index, newId } = startQueue(options);
  const stream = relaying({ ...options, start: sender });

  return {
    wake: () => stream.wake(),
    resend(commit, deduplicationId) {
      const again: FifoSender = {
        send: (all) => sender.send(all.map((each) => ({ ...each, deduplicationId }))),
      };
      const once = relay({
        source: ORDER_EVENT_SOURCE,
        routes: [{ types: ORDER_EVENT_READERS["saga-start"], sender: again }],
        bus: { publish: () => Promise.resolve() },
      });
      void once.forward([{ position: "1", content: { kind: "commit", commit } }]);
    },
    repair() {
      if (dead.depth(scheduler.now()).visible > 0) reach("start-redriven");
      dead.redriveTo(queue, scheduler.now());
      wake();
      void retryHalted({ heads, index, newId, sender, reach });
      void sweep({
        index,
        sender,
        clock: { now: () => scheduler.now() },
        newId,
        source: "urn:test:sweep",
      });
    },
  };
}

function hits(swarm: FaultSwarm, fault: keyof typeof OUTBOX_FAULTS): boolean {
  if (!swarm.fires(fault)) return false;
  swarm.happened(fault);
  return true;
}

/** The queue of placed orders, its mapping, and the consumer behind it. */
function startQueue(options: OutboxOptions) {
  const { scheduler, swarm, rng } = options;
  const now = (): number => scheduler.now();
  const dead = fifoQueue({ visibilityMs: VISIBILITY_MS, name: "dead" });
  const queue = fifoQueue({
    visibilityMs: VISIBILITY_MS,
    deadLetterQueue: dead,
    maxReceiveCount: RECEIVES_MIN + rng.int(RECEIVES_MORE),
  });
  const table = simulatedTable({ now });
  const heads = memoryHeadStore({ table }, { consumer: CONSUMER });
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `start-${ids}`;
  };
  const deadLetters = queueDeadLetters({ queue: dead, now });
  const host = lambdaHost<readonly QueueRecord[], readonly string[]>({
    scheduler,
    swarm,
    rng: rng.fork("start"),
    timeoutMs: START_TIMEOUT_MS,
    skewMsMax: SKEW_MS_MAX,
    start: (process) => sagaStart(process, { ...options, heads, deadLetters, newId }),
  });
  const mapping = eventSource({
    queue,
    batchSize: 1 + rng.int(10),
    concurrencyMax: 4,
    time: scheduler,
    invoke: (received, ended) => host.invoke(received.map(recordOf), ended),
    faults: {
      losesReceive: () => hits(swarm, "lost-receive"),
      losesDelete: () => hits(swarm, "lost-delete"),
      repeats: () => hits(swarm, "racing-twin"),
    },
  });
  const near = queueSender({ queue, now });
  const wake = (): void => mapping.wake();
  const sender: FifoSender = {
    async send(messages) {
      await near.send(messages);
      wake();
    },
  };
  const index = memoryHeadIndex({ table }, CONSUMER);
  return { sender, wake, dead, queue, heads, index, newId };
}

const recordOf = ({ messageId, group, body }: Received): QueueRecord => ({
  receiptId: messageId,
  group,
  body,
});

/** As an operator would. */
async function retryHalted({
  heads,
  index,
  newId,
  sender,
  reach,
}: {
  readonly heads: Pick<HeadStore, "read">;
  readonly index: ReturnType<typeof memoryHeadIndex>;
  readonly newId: () => string;
  readonly sender: FifoSender;
  readonly reach: (branch: string) => void;
}): Promise<void> {
  for (const stream of await index.halted(HALTED_MAX)) {
    const sequence = (await heads.read(stream))?.halt?.sequence ?? 1;
    const id = newId();
    const by = { author: "operator", reason: "the fault is over" };
    const retry = { kind: "retry", id, stream, sequence, ...by } as const;
    const envelope = controlEnvelope(retry, "urn:test:operator");
    await sender.send([{ envelope, group: stream, deduplicationId: id }]);
    reach("start-retried");
  }
}
