/**
 * A projection over memory: a store of payments, the function that sums them up, and all that a
 * rebuild of it works on.
 */
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryHeadStore } from "#adapters/memory/head-store";
import { memoryGenerations, memoryLeftovers, memoryStreamWalk } from "#adapters/memory/projection";
import { consumerIn } from "#contracts/projection";
import { Failure } from "#kernel/failure";
import { seconds } from "#kernel/units";
import { orderedConsumer } from "#lambda/ordered-consumer";
import { knownGenerations } from "#lambda/projection/generations";
import { projecting } from "#lambda/projection/projecting";
import type { RebuildPorts } from "#lambda/projection/rebuild";
import type { Replayed } from "#lambda/projection/replay";
import type { QueueAnswer } from "#lambda/queue-handler";
import { controlEnvelope, encode, type EventStore, type FoldHandler, nextCommit } from "#messaging";
import { envelopesOf } from "#messaging/producer/relay";
import { start } from "./consumer-world.ts";
import { countedSurroundings, lambdaContext } from "./gateway-event.ts";
import { steppingClock } from "./stepping-clock.ts";

const SOURCE = "urn:test";
const TYPES = ["paid"];
export const CALL_MS_MAX = seconds(10);
/** As an order's id. */
export const streamOf = (index: number) => `${"0".repeat(25)}${index}`;

/** Cannot be applied, whose ever it is. */
export const POISON = 13;

/** Each sandbox is one more of the function. @param poison a stream that cannot be applied */
export function projectionWorld({ poison = "" } = {}) {
  const store = memoryEventStore();
  const place = { table: memoryEventStore().table };
  const generations = memoryGenerations();
  const clock = steppingClock();
  const { telemetry, counts } = countedSurroundings(start);
  const code = { poison };
  const heads = (generation: number) =>
    memoryHeadStore(place, { consumer: consumerIn("sum", generation) });
  const sandbox = () =>
    projecting({
      generations: knownGenerations({ store: generations, clock }),
      heads,
      consumer: (generation, told) =>
        orderedConsumer({
          consumer: "sum",
          handler: summing(code),
          heads: heads(generation),
          telemetry: told,
        }),
      telemetry,
      store,
      source: SOURCE,
      types: TYPES,
    });

  const live = sandbox();
  const replaying = sandbox();
  const ports = (over: Partial<RebuildPorts> = {}): RebuildPorts => ({
    generations,
    walk: memoryStreamWalk(store, 2),
    leftovers: memoryLeftovers(place, "sum"),
    replay: (generation, streams) =>
      replaying(
        { replay: { generation, streams: [...streams] } },
        lambdaContext(),
      ) as Promise<Replayed>,
    streamsAtOnce: 2,
    callMsMax: CALL_MS_MAX,
    clock,
    tell: () => {},
    ...over,
  });
  return {
    store,
    /** That every sandbox runs: repaired by a deploy. */
    code,
    generations,
    clock,
    counts,
    heads,
    sandbox,
    pay: payingInto(store),
    ports,
    live: (event: Paid) => live(event, lambdaContext()) as Promise<QueueAnswer>,
    /** As an operator's `npm run resolve`. */
    leaveOut: (stream: string, sequence: number) =>
      live({ Records: [skipOf(stream, sequence)] }, lambdaContext()),
    sumOf: async (stream: string, generation: number) =>
      (await heads(generation).read(stream))?.state,
  };
}

type Paid = Awaited<ReturnType<ReturnType<typeof payingInto>>>;

/** Stores payments, and answers what the queue then brings. */
const payingInto =
  (store: EventStore) =>
  async (stream: string, ...amounts: readonly number[]) => {
    const before = await store.read(stream);
    const events = amounts.map((amount) => ({ type: "paid", data: { amount } }));
    const commit = nextCommit(stream, before, { events, recordedAt: start });
    await store.append(commit);
    return { Records: envelopesOf(commit, SOURCE).map((envelope) => recordOf(stream, envelope)) };
  };

function skipOf(stream: string, sequence: number) {
  const id = `skip-${stream}-${sequence}`;
  const skip = { kind: "skip", id, stream, sequence, author: "Eve", reason: "poison" } as const;
  return recordOf(stream, controlEnvelope(skip, "urn:operator"));
}

const recordOf = (stream: string, envelope: Parameters<typeof encode>[0]) => ({
  messageId: envelope.id,
  body: encode(envelope),
  attributes: { MessageGroupId: stream },
});

const summing = (code: { readonly poison: string }): FoldHandler<number> => ({
  kind: "fold",
  initial: 0,
  evolve(state, { stream, data }) {
    if (stream === code.poison || data["amount"] === POISON) {
      throw new Failure("malformed-message", "halt", "no amount");
    }
    return state + Number(data["amount"]);
  },
});
