/**
 * The function that empties the outbox, as it is deployed: its event source mapping on the table's
 * change stream, the production relay, a way to the queue of each ordered reader, and the
 * production adapter of the bus.
 */
import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { eventBridgeEventBus } from "#adapters/aws/eventbridge/event-bus";
import { ORDER_EVENT_READERS, ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import type { Rng } from "#kernel/rng";
import { type Change, type Commit, type Envelope, type FifoSender, relay } from "#messaging";
import { BUS_FAULTS, busFaults } from "#simulation/bus-faults";
import type { ChangeStream, StreamRecord } from "#simulation/change-stream";
import { type SimulatedEventBus, simulatedEventBus } from "#simulation/event-bus";
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import { type Invocation, lambdaHost } from "#simulation/lambda-host";
import type { SimulatedProcess } from "#simulation/process";
import type { Remote } from "#simulation/remote";
import type { Scheduler } from "#simulation/scheduler";
import { type StreamSource, streamSource } from "#simulation/stream-source";
import type { SagaPlant } from "./plant.ts";
import type { Relayed } from "./relayed.ts";

export const RELAY_FAULTS = {
  "relay-twin": [0.05, 0.4],
  "shard-split": [0.02, 0.3],
  "cut-batch": [0.1, 0.8],
  "items-apart": [1, 1],
  ...BUS_FAULTS,
} as const satisfies FaultRates;

export type RelayingOptions = {
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly remote: Remote;
  readonly changes: ChangeStream;
  readonly plant: SagaPlant;
  readonly relayed: Relayed;
  /** To the queue of placed orders. */
  readonly start: FifoSender;
  readonly reach: (branch: string) => void;
};

const BATCH = 10;
/** As the stages have it. */
const TIMEOUT_MS = 30_000;
const SKEW_MS_MAX = 60_000;

export function relaying(options: RelayingOptions): StreamSource {
  const { scheduler, swarm, rng, changes, reach } = options;
  const hits = (fault: keyof typeof RELAY_FAULTS): boolean => {
    if (!swarm.fires(fault)) return false;
    swarm.happened(fault);
    return true;
  };
  const bus = simulatedEventBus({
    time: scheduler,
    deliver: (envelope) => options.relayed.heard(envelope),
    faults: busFaults(swarm, rng),
  });
  const host = lambdaHost<readonly StreamRecord[], string | undefined>({
    scheduler,
    swarm,
    rng: rng.fork("relay"),
    timeoutMs: TIMEOUT_MS,
    skewMsMax: SKEW_MS_MAX,
    start: (process) => relayIn(process, bus, options),
  });
  const source = streamSource({
    changes,
    batchSize: BATCH,
    time: scheduler,
    invoke: (records, ended) => host.invoke(records, ended),
    onRetry: () => reach("relay-retried"),
    faults: {
      cutsTo: (count) => (count > 1 && hits("cut-batch") ? 1 + rng.int(count - 1) : count),
      repeats: () => hits("relay-twin"),
    },
  });
  return {
    wake() {
      if (swarm.fires("shard-split")) split(options);
      source.wake();
    },
  };
}

/** Of a whole schedule: batches of one shard at once, so that only items keep their order. */
export function readsApart(swarm: FaultSwarm): boolean {
  const isApart = swarm.fires("items-apart");
  if (isApart) swarm.happened("items-apart");
  return isApart;
}

function split({ changes, swarm, rng, reach }: RelayingOptions): void {
  const done = changes.split((open) => rng.int(open));
  if (done === undefined) return;
  swarm.happened("shard-split");
  if (done.isBehind) reach("split-behind");
}

/** A cold start. */
function relayIn(process: SimulatedProcess, bus: SimulatedEventBus, options: RelayingOptions) {
  const { remote, plant, relayed, start, rng } = options;
  const client = simulatedClient(process, bus, options);
  const right = relay({
    source: ORDER_EVENT_SOURCE,
    routes: [
      { types: ORDER_EVENT_READERS["saga-start"], sender: farSender(process, remote, start) },
      {
        types: ORDER_EVENT_READERS["order-list"],
        sender: farSender(process, remote, {
          async send(messages) {
            for (const { envelope } of messages) relayed.queued(envelope as Envelope);
          },
        }),
      },
    ],
    bus: eventBridgeEventBus({
      client: plant.eventBridge?.(client) ?? client,
      busName: "shop",
      clock: process.clock,
      random: () => rng.next(),
    }),
  });
  const outgoing = plant.relay?.(right) ?? right;
  return async ({ batch }: Invocation<readonly StreamRecord[]>): Promise<string | undefined> => {
    const { failed } = await outgoing.forward(batch.map(changeOf));
    return failed?.position;
  };
}

function simulatedClient(
  process: SimulatedProcess,
  bus: SimulatedEventBus,
  { remote, relayed }: RelayingOptions,
): EventBridgeClient {
  const target = { port: "bus.put", subject: "outbox", kind: "write" } as const;
  const put = (detail = "") => {
    const envelope = JSON.parse(detail) as Envelope;
    if (!bus.put(envelope)) return { ErrorCode: "ThrottlingException", ErrorMessage: "too many" };
    relayed.accepted(envelope);
    return { EventId: envelope.id };
  };
  const send = (command: unknown): Promise<unknown> => {
    if (!(command instanceof PutEventsCommand)) {
      return Promise.reject(new Error("no such command of EventBridge is simulated"));
    }
    const { Entries = [] } = command.input;
    return remote.call(process, target, async () => ({
      Entries: Entries.map(({ Detail }) => put(Detail)),
    }));
  };
  return { send } as unknown as EventBridgeClient;
}

const farSender = (process: SimulatedProcess, remote: Remote, near: FifoSender): FifoSender => ({
  send: (messages) =>
    messages.length === 0
      ? Promise.resolve()
      : remote.call(process, { port: "queue.send", subject: "outbox", kind: "write" }, () =>
          near.send(messages),
        ),
});

const changeOf = ({ position, kind, sort, text = "" }: StreamRecord): Change => ({
  position,
  content:
    kind === "INSERT" && sort.startsWith("commit#")
      ? { kind: "commit", commit: JSON.parse(text) as Commit }
      : { kind: "other" },
});
