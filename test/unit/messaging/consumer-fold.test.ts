// A fold's state is in its head: one item, one conditional write, nothing to load.
import { beforeEach, expect, test } from "vitest";
import { memoryDeadLetters } from "#adapters/memory/dead-letters";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryHeadStore } from "#adapters/memory/head-store";
import { Failure } from "#kernel/failure";
import { randomIds } from "#kernel/ids";
import {
  type ConsumerSettings,
  type FoldHandler,
  type HeadStore,
  orderedConsumer,
} from "#messaging";
import {
  deliveries,
  envelope,
  idle,
  passing,
  receipts,
  standingClock,
  unhurried,
} from "../../support/consumer-world.ts";
import { faultyHeadStore } from "../../support/faulty-head-store.ts";

type Steps = { readonly steps: readonly number[]; readonly ballast?: string } | null;

const collecting: FoldHandler<Steps> = {
  kind: "fold",
  initial: null,
  evolve(state, { sequence, data }) {
    if (data["fail"] === true) throw new Failure("malformed-message", "halt", "cannot be folded");
    if (data["wait"] === true) throw passing;
    const ballast = "x".repeat(Number(data["ballast"] ?? 0));
    return { steps: [...(state?.steps ?? []), sequence], ballast };
  },
};

let heads: ReturnType<typeof memoryHeadStore>;

beforeEach(() => {
  heads = memoryHeadStore(memoryEventStore());
});

const consumer = (over: HeadStore = heads, settings: Partial<ConsumerSettings> = {}) =>
  orderedConsumer({
    handler: collecting,
    heads: over,
    deadLetters: memoryDeadLetters(),
    clock: standingClock(),
    newId: randomIds,
    settings,
  });

test("state and position are one write, and a warm stream needs no read", async () => {
  const deliver = deliveries();
  const folding = consumer();

  const cold = await folding.consume(
    [1, 2].map((n) => deliver(envelope("a", n))),
    unhurried,
  );
  const warm = await folding.consume([deliver(envelope("a", 3))], unhurried);

  expect(cold.report).toEqual({ ...idle, applied: 2, reads: 1, writes: 1 });
  expect(warm.report).toEqual({ ...idle, applied: 1, writes: 1 });
  expect(await heads.read("a")).toMatchObject({ last: 3, state: { steps: [1, 2, 3] } });
});

test("a cold sandbox folds on where the head is", async () => {
  const deliver = deliveries();
  await consumer().consume([deliver(envelope("a", 1))], unhurried);

  await consumer().consume([deliver(envelope("a", 2))], unhurried);

  expect(await heads.read("a")).toMatchObject({ state: { steps: [1, 2] } });
});

test("a fenced fold starts from the state that won", async () => {
  const deliver = deliveries();
  const twin = () => consumer().consume([deliver(envelope("a", 1))], unhurried);
  const late = consumer(faultyHeadStore(heads, { commits: [twin] }));

  await late.consume(
    [1, 2].map((n) => deliver(envelope("a", n))),
    unhurried,
  );

  expect(await heads.read("a")).toMatchObject({ last: 2, state: { steps: [1, 2] } });
});

test("a failure keeps the state of the prefix", async () => {
  const deliver = deliveries();
  const batch = [
    deliver(envelope("a", 1)),
    deliver(envelope("a", 2, { data: { fail: true } })),
    deliver(envelope("b", 1, { data: { wait: true } })),
  ];

  const { notDurable, report } = await consumer().consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch.slice(2)));
  expect(report).toMatchObject({ applied: 1, halted: 1, parkedBehindHalt: 1, returned: 1 });
  expect(await heads.read("a")).toMatchObject({ status: "halted", state: { steps: [1] } });
  expect(await heads.read("b")).toMatchObject({ last: 0, attempts: 1 });
});

test("a state that its head cannot hold halts the stream where it became so", async () => {
  const deliver = deliveries();
  const batch = [
    deliver(envelope("a", 1)),
    deliver(envelope("a", 2, { data: { ballast: 200 } })),
    deliver(envelope("a", 3)),
  ];

  const { report } = await consumer(heads, { stateBytesMax: 100 }).consume(batch, unhurried);

  expect(report).toMatchObject({ applied: 1, halted: 1, parkedBehindHalt: 2 });
  const head = await heads.read("a");
  expect(head).toMatchObject({ last: 1, state: { steps: [1] } });
  expect(head?.halt).toMatchObject({ sequence: 2, code: "payload-too-large" });
});

test("a state of null is a state", async () => {
  const deliver = deliveries();
  const forgetting = orderedConsumer({
    handler: { kind: "fold", initial: 7, evolve: (): number | null => null },
    heads,
    deadLetters: memoryDeadLetters(),
    clock: standingClock(),
    newId: randomIds,
  });

  await forgetting.consume([deliver(envelope("a", 1))], unhurried);

  expect(await heads.read("a")).toMatchObject({ state: null });
});
