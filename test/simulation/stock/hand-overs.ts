/**
 * Goods that leave: carriers report them to the bus, its rule brings each report to a queue without
 * order (there every message is a group of its own), and the function that ships the stock takes
 * batches of it. What is given up lies in a dead-letter queue, until an operator sends it back.
 */
import type { z } from "zod";
import { ORDER_EVENT_SOURCE, type orderFulfilmentReported } from "#contracts/events/order-events";
import type { Rng } from "#kernel/rng";
import { type EpochMs, milliseconds } from "#kernel/units";
import { encode, type SentEnvelope } from "#messaging";
import { handOvers } from "#services/inventory/hand-overs";
import { shipStock } from "#services/inventory/ship-stock";
import { BUS_FAULTS, busFaults } from "#simulation/bus-faults";
import { simulatedEventBus } from "#simulation/event-bus";
import { type BatchEnd, eventSource } from "#simulation/event-source";
import type { FaultSwarm } from "#simulation/faults";
import { fifoQueue, type QueueChange, type Received } from "#simulation/fifo-queue";
import type { InvocationEnd } from "#simulation/lambda-host";
import { MAPPING_FAULTS, mappingFaults } from "#simulation/mapping-faults";
import type { Scheduler } from "#simulation/scheduler";
import type { StockFunctions, Task, TaskAnswer } from "./functions.ts";
import { INVARIANT, type StockJudge } from "./judge.ts";
import type { StockPlant } from "./plant.ts";

/** What the bus gives up after a day lies where the function's own dead letters lie. */
const { "bus-drop": _givenUp, ...BUS_FAULTS_OF_A_DAY } = BUS_FAULTS;

export const HAND_OVER_FAULTS = { ...BUS_FAULTS_OF_A_DAY, ...MAPPING_FAULTS };

export type HandOvers = {
  /** The carrier has taken the order's goods, and soon has delivered them. */
  leave(orderId: string): Promise<void>;
  /** What was given up goes back to the queue. */
  redrive(): void;
  /** Nothing is in the queue, or at the function. */
  isQuiet(): boolean;
  /** With nothing under way any more. */
  atEnd(): void;
};

export type HandOversOptions = {
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly functions: Pick<StockFunctions, "invoke">;
  readonly judge: StockJudge;
  readonly plant: StockPlant;
  readonly reach: (branch: string) => void;
};

/** As the deployed worker's. */
const VISIBILITY_MS = 30_000;
const RECEIVES_MAX = 5;
const BATCH = 10;
const CONCURRENCY_MAX = 2;
const BUS_PAUSE_MS = 1_000;
/** Of a carrier whose goods are already at the door. */
const TRAVEL_MS_MAX = 3_000;

export function stockHandOvers(options: HandOversOptions): HandOvers {
  const { scheduler, swarm, rng, functions, judge, reach } = options;
  const now = (): number => scheduler.now();
  let brought = 0;
  const left = new Set<string>();

  const onChange = ({ kind }: QueueChange): void => reach(`hand-over-${kind}`);
  const deadLetterQueue = fifoQueue({ visibilityMs: VISIBILITY_MS, name: "dead-" });
  const queue = fifoQueue({
    visibilityMs: VISIBILITY_MS,
    deadLetterQueue,
    maxReceiveCount: RECEIVES_MAX,
    onChange,
  });
  const source = eventSource({
    queue,
    batchSize: BATCH,
    concurrencyMax: CONCURRENCY_MAX,
    time: scheduler,
    faults: mappingFaults(swarm, rng.fork("mapping")),
    invoke: (records, ended) =>
      functions.invoke(shipping(records, options), (end) => ended(batchEnd(end))),
  });
  const bus = simulatedEventBus({
    time: scheduler,
    faults: busFaults(swarm, rng.fork("bus")),
    deliver(envelope) {
      brought += 1;
      const group = `bus-${brought}`;
      queue.send({ body: encode(envelope), group, deduplicationId: group }, now());
      source.wake();
    },
  });

  const tell = async (envelope: SentEnvelope): Promise<void> => {
    while (!bus.put(envelope)) await scheduler.clock.sleep(milliseconds(BUS_PAUSE_MS));
  };
  return {
    async leave(orderId) {
      left.add(orderId);
      const at = scheduler.now();
      await tell(reported(orderId, 1, at, { report: "handed-to-carrier", status: "shipped" }));
      await scheduler.clock.sleep(milliseconds(rng.int(TRAVEL_MS_MAX)));
      await tell(reported(orderId, 2, at, { report: "delivered", status: "delivered" }));
    },
    redrive() {
      if (deadLetterQueue.redriveTo(queue, now()) > 0) reach("hand-over-redriven");
      source.wake();
    },
    isQuiet: () => source.running() === 0 && queue.contents(now()).length === 0,
    atEnd() {
      const waiting = queue.contents(now()).length;
      if (waiting > 0) judge.judge(INVARIANT.drains, `${waiting} hand-overs wait for ever`);
      const givenUp = deadLetterQueue.contents(now()).map(({ body }) => body);
      for (const orderId of left) {
        const status = judge.statusOf(orderId) ?? "never held";
        const isGivenUp = givenUp.some((body) => body.includes(orderId));
        if (isGivenUp === (status !== "shipped")) continue;
        const told = isGivenUp ? "its hand-over was given up" : "nobody is told";
        judge.judge(INVARIANT.kept, `${orderId} has left and is ${status}: ${told}`);
      }
    },
  };
}

/** One batch of it, in a sandbox. */
const shipping =
  (records: readonly Received[], { judge, plant }: HandOversOptions): Task =>
  async ({ stock }, now) => {
    const consume = handOvers({
      async ship(orderId) {
        await shipStock(stock, { orderId }, now);
        const status = judge.statusOf(orderId);
        if (status === "shipped") return;
        judge.judge(INVARIANT.holds, `${orderId} is told to be shipped and is ${status}`);
      },
      warn: () => undefined,
    });
    const { notDurable } = await consume(
      records.map(({ messageId, group, body }) => ({ receiptId: messageId, group, body })),
    );
    return plant.returned?.(notDurable) ?? notDurable;
  };

function batchEnd(end: InvocationEnd<TaskAnswer>): BatchEnd {
  if (end.kind !== "answered") return end;
  const { answer } = end;
  // A function that throws fails its whole batch.
  return answer.kind === "failure"
    ? { kind: "crashed" }
    : { kind: "answered", answer: answer.answer as readonly string[] };
}

type Report = Pick<z.infer<typeof orderFulfilmentReported>, "report" | "status">;

const reported = (
  orderId: string,
  sequence: number,
  at: EpochMs,
  report: Report,
): SentEnvelope => ({
  specversion: "1.0",
  id: `${orderId}#${sequence}`,
  source: ORDER_EVENT_SOURCE,
  type: "order.fulfilment-reported",
  partitionkey: orderId,
  sequence,
  data: {
    ...report,
    occurredAt: at,
    receivedAt: at,
    appliedAt: at,
    held: false,
    webhookId: `msg_${sequence}`,
    webhookSequence: sequence,
  } satisfies z.infer<typeof orderFulfilmentReported>,
});
