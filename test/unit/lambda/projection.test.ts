// A projection made anew beside the one that is read: every step may die, live events go on, and
// the new generation is what the events say.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryHeadStore } from "#adapters/memory/head-store";
import { memoryGenerations, memoryLeftovers, memoryStreamWalk } from "#adapters/memory/projection";
import { consumerIn, GENERATION_LEASE_MS, type Generations } from "#contracts/projection";
import { Failure } from "#kernel/failure";
import { orderedConsumer } from "#lambda/ordered-consumer";
import { knownGenerations } from "#lambda/projection/generations";
import { projecting } from "#lambda/projection/projecting";
import { abandonRebuild, type RebuildPorts, rebuildProjection } from "#lambda/projection/rebuild";
import type { Replayed } from "#lambda/projection/replay";
import type { QueueAnswer } from "#lambda/queue-handler";
import { encode, type FoldHandler, nextCommit } from "#messaging";
import { envelopesOf } from "#messaging/producer/relay";
import { start } from "../../support/consumer-world.ts";
import { countedSurroundings, lambdaContext } from "../../support/gateway-event.ts";
import { steppingClock } from "../../support/stepping-clock.ts";

beforeEach(() => {
  vi.stubEnv("INORDER_DEAD_LETTER_QUEUE_URL", "https://sqs.example/dead.fifo");
});
afterEach(() => void vi.unstubAllEnvs());

const SOURCE = "urn:test";
const TYPES = ["paid"];
const streamOf = (index: number) => `${"0".repeat(25)}${index}`;

/** A store of payments, and the function that sums them up; each sandbox is one more of it. */
function world({ poison = "" } = {}) {
  const store = memoryEventStore();
  const place = { table: memoryEventStore().table };
  const generations = memoryGenerations();
  const clock = steppingClock();
  const { telemetry, counts } = countedSurroundings(start);
  const sum: FoldHandler<number> = {
    kind: "fold",
    initial: 0,
    evolve(state, { stream, data }) {
      if (stream === poison) throw new Failure("malformed-message", "halt", "no amount");
      return state + Number(data["amount"]);
    },
  };
  const heads = (generation: number) =>
    memoryHeadStore(place, { consumer: consumerIn("sum", generation) });
  const sandbox = () =>
    projecting({
      generations: knownGenerations({ store: generations, clock }),
      heads,
      consumer: (generation, told) =>
        orderedConsumer({
          consumer: "sum",
          handler: sum,
          heads: heads(generation),
          telemetry: told,
        }),
      telemetry,
      store,
      source: SOURCE,
      types: TYPES,
    });

  const pay = async (stream: string, ...amounts: readonly number[]) => {
    const before = await store.read(stream);
    const events = amounts.map((amount) => ({ type: "paid", data: { amount } }));
    const commit = nextCommit(stream, before, { events, recordedAt: start });
    await store.append(commit);
    return {
      Records: envelopesOf(commit, SOURCE).map((envelope) => ({
        messageId: envelope.id,
        body: encode(envelope),
        attributes: { MessageGroupId: stream },
      })),
    };
  };
  const live = sandbox();
  const replaying = sandbox();
  const ports = (over: Partial<RebuildPorts> = {}): RebuildPorts => ({
    generations,
    walk: memoryStreamWalk(store, 2),
    leftovers: memoryLeftovers(place, "sum", 9),
    replay: (generation, streams) =>
      replaying(
        { replay: { generation, streams: [...streams] } },
        lambdaContext(),
      ) as Promise<Replayed>,
    streamsAtOnce: 2,
    clock,
    tell: () => {},
    ...over,
  });
  return {
    store,
    generations,
    clock,
    counts,
    heads,
    sandbox,
    pay,
    ports,
    live: (event: Awaited<ReturnType<typeof pay>>) =>
      live(event, lambdaContext()) as Promise<QueueAnswer>,
    sumOf: async (stream: string, generation: number) =>
      (await heads(generation).read(stream))?.state,
  };
}

const NEW_STREAMS = 4;
const DURABLE = { batchItemFailures: [] };

describe("a rebuild", () => {
  test("makes every stream anew, whatever the one that is read says, and takes its place", async () => {
    const { pay, live, ports, sumOf, generations, heads } = world();
    for (const index of [1, 2, 3, 4, 5]) await live(await pay(streamOf(index), index, 10));
    const damaged = (await heads(1).read(streamOf(3))) ?? { version: 0 };
    await heads(1).commit({
      head: {
        ...(damaged as NonNullable<Awaited<ReturnType<ReturnType<typeof heads>["read"]>>>),
        version: damaged.version + 1,
        attemptId: "x",
        state: 99,
      },
      writes: [],
    });

    const rebuilt = await rebuildProjection(ports());

    expect(rebuilt).toEqual({ generation: 2, streams: 5, isContinued: false });
    for (const index of [1, 2, 3, 4, 5]) {
      expect(await sumOf(streamOf(index), 2)).toBe(index + 10);
      expect(await sumOf(streamOf(index), 1)).toBeUndefined();
    }
    expect(await generations.read()).toMatchObject({ live: 2, newest: 2 });
    expect(await generations.read()).not.toHaveProperty("leftover");
  });

  test("an event that comes at any moment of it is in it once", async () => {
    const { pay, live, ports, sumOf } = world();
    const streams = [1, 2, 3].map(streamOf);
    for (const stream of streams) await live(await pay(stream, 1));
    const paid = new Map(streams.map((stream) => [stream, 1]));
    // Between any two steps one more event of each stream, and a stream that is new.
    let steps = 0;
    const step = async (): Promise<void> => {
      steps += 1;
      const stream = `${"0".repeat(24)}${10 + steps}`;
      // Some come before the walk is there, some behind it; not for ever, or it would never end.
      for (const some of steps <= NEW_STREAMS ? [...streams, stream] : streams) {
        expect(await live(await pay(some, 1))).toEqual(DURABLE);
        paid.set(some, (paid.get(some) ?? 0) + 1);
      }
    };
    const plain = ports();
    const between = ports({
      replay: async (generation, some) => {
        await step();
        const answer = await plain.replay(generation, some);
        await step();
        return answer;
      },
      generations: {
        read: () => plain.generations.read(),
        replace: async (next) => {
          await step();
          const isDone = await plain.generations.replace(next);
          await step();
          return isDone;
        },
      },
      clock: {
        ...plain.clock,
        sleep: async (lasting) => {
          await step();
          await plain.clock.sleep(lasting);
        },
      },
    });

    await rebuildProjection(between);

    for (const [stream, sum] of paid)
      expect([stream, await sumOf(stream, 2)]).toEqual([stream, sum]);
    expect(steps).toBeGreaterThan(10);
  });

  // The announcement, three pages and what is kept of two, the switch; then the removal is left.
  test.each([
    [1, 2],
    [2, 2],
    [3, 2],
    [4, 2],
    [5, 2],
    [6, 2],
    [7, 2],
    [8, 3],
    [9, 3],
  ])("that dies at its step %i is gone on with", async (diesAt, newest) => {
    const { pay, live, ports, sumOf, generations } = world();
    const streams = [1, 2, 3, 4, 5].map(streamOf);
    for (const stream of streams) await live(await pay(stream, 7));
    let calls = 0;
    const dies = <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
      calls += 1;
      if (calls === diesAt) throw new Error("killed");
      return work();
    };
    const plain = ports();
    const mortal = ports({
      walk: { page: (after) => dies(() => plain.walk.page(after)) },
      leftovers: { drop: (kept) => dies(() => plain.leftovers.drop(kept)) },
      generations: { ...generations, replace: (next) => dies(() => generations.replace(next)) },
    });

    await expect(rebuildProjection(mortal)).rejects.toThrow("killed");
    await live(await pay(streamOf(1), 1));
    expect(await sumOf(streamOf(1), (await generations.read()).live)).toBe(8);
    const asked: (string | undefined)[] = [];
    const { walked } = await generations.read();
    const { generation } = await rebuildProjection(
      ports({ walk: { page: (after) => (asked.push(after), plain.walk.page(after)) } }),
    );

    expect(asked[0]).toBe(walked);
    expect(generation).toBe(newest);
    expect(await Promise.all(streams.map((stream) => sumOf(stream, generation)))).toEqual([
      8, 7, 7, 7, 7,
    ]);
    expect(await generations.read()).toMatchObject({ live: newest, newest });
    for (const old of [1, 2].filter((one) => one !== newest)) {
      expect(await sumOf(streamOf(1), old)).toBeUndefined();
    }
  });

  test("of a stream that it cannot apply changes nothing that is read, and names it", async () => {
    const { pay, live, ports, generations, sumOf } = world({ poison: streamOf(2) });
    await live(await pay(streamOf(1), 1));
    await pay(streamOf(2), 1);

    await expect(rebuildProjection(ports())).rejects.toThrow(
      `1 streams have an event that this projection cannot apply; the first is ${streamOf(2)}: no`,
    );
    expect(await generations.read()).toMatchObject({ live: 1, next: 2 });

    expect(await abandonRebuild(ports())).toBe(true);
    expect(await abandonRebuild(ports())).toBe(false);
    expect(await sumOf(streamOf(1), 2)).toBeUndefined();
    expect(await sumOf(streamOf(1), 1)).toBe(1);
    expect(await generations.read()).toMatchObject({ live: 1, newest: 2 });
  });

  test("that somebody else goes on with at the same time is left to him", async () => {
    const { ports, generations } = world();
    const other = { read: generations.read, replace: () => Promise.resolve(false) };

    await expect(rebuildProjection(ports({ generations: other }))).rejects.toThrow("Somebody else");
  });

  test("ends where a stream can never be brought up, with its cause", async () => {
    const { pay, ports } = world();
    await pay(streamOf(1), 1);
    const behind = { behind: [{ stream: streamOf(1), cause: "throttled" }], halted: [] };
    let rounds = 0;
    const replay = async () => {
      rounds += 1;
      // A call that fails is a round like any other.
      if (rounds < 20) throw new Error("timed out");
      return behind;
    };

    await expect(rebuildProjection(ports({ replay }))).rejects.toThrow(/is 0+1: throttled/);
    expect(rounds).toBe(20);
  });

  test("takes nothing that a function still reads by what it knew before", async () => {
    const { pay, live, ports, clock } = world();
    await live(await pay(streamOf(1), 1));
    const slept: number[] = [];
    const watching = ports({
      clock: {
        ...clock,
        sleep: async (lasting) => {
          slept.push(lasting);
          await clock.sleep(lasting);
        },
      },
    });

    await rebuildProjection(watching);

    expect(slept).toHaveLength(2);
    expect(Math.min(...slept)).toBeGreaterThan(GENERATION_LEASE_MS);
  });
});

describe("a function", () => {
  test("costs no read of the generations but one in each lease, and no write", async () => {
    const { pay, live, generations, clock } = world();
    const read = vi.spyOn(generations, "read");
    const replace = vi.spyOn(generations, "replace");

    for (let time = 0; time < 10; time += 1) await live(await pay(streamOf(1), 1));
    expect(read).toHaveBeenCalledTimes(1);
    clock.advance(GENERATION_LEASE_MS);
    await live(await pay(streamOf(1), 1));

    expect(read).toHaveBeenCalledTimes(2);
    expect(replace).not.toHaveBeenCalled();
  });

  test("counts what it does to the generation that is read alone", async () => {
    const { pay, live, generations, counts, sumOf } = world();
    await generations.replace({ version: 1, live: 1, next: 2, newest: 2 });

    await live(await pay(streamOf(1), 1, 2));

    expect(await sumOf(streamOf(1), 2)).toBe(3);
    expect(Object.fromEntries(counts)).toMatchObject({ MessagesApplied: 2 });
  });

  test("gives back what it could not bring into the generation that is built", async () => {
    const { pay, live, generations, store } = world();
    await generations.replace({ version: 1, live: 1, next: 2, newest: 2 });
    const [one, two] = [await pay(streamOf(1), 1), await pay(streamOf(2), 1)];
    vi.spyOn(store, "read").mockImplementation(async (stream) => {
      if (stream === streamOf(1)) throw new Failure("store-throttled", "retry", "busy");
      return [];
    });

    const answer = await live({ Records: [...one.Records, ...two.Records] });

    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: `${streamOf(1)}#1` }]);
  });

  test("gives all back where it cannot know the generations", async () => {
    const { pay, live, generations } = world();
    vi.spyOn(generations, "read").mockRejectedValue(new Failure("store-throttled", "retry", "x"));

    const answer = await live(await pay(streamOf(1), 1, 2));

    expect(answer.batchItemFailures).toHaveLength(2);
  });

  test("refuses an operator's call that is no replay", async () => {
    const { sandbox } = world();

    await expect(sandbox()({ replay: { generation: 0 } }, lambdaContext())).rejects.toThrow();
  });
});

test("what was done by generations that changed meanwhile is done again", async () => {
  const clock = steppingClock();
  let stored: Generations = { version: 1, live: 1, newest: 1 };
  const known = knownGenerations({ store: { read: async () => stored }, clock });
  const used: number[] = [];

  const answer = await known.within(async ({ live }) => {
    used.push(live);
    if (live === 1) {
      stored = { version: 2, live: 2, newest: 2 };
      clock.advance(GENERATION_LEASE_MS);
    }
    return live;
  });

  expect({ answer, used }).toEqual({ answer: 2, used: [1, 2] });
});
