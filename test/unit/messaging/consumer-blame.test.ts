// When a commit is refused, the message that is at fault is blamed, and what stands before it is
// applied.
import { expect, test } from "vitest";
import { milliseconds } from "#kernel/units";
import {
  type AppendWrite,
  type Commit,
  type EffectsHandler,
  type Envelope,
  nextCommit,
} from "#messaging";
import {
  consumerWorld,
  deliveries,
  envelope,
  type Ledger,
  receipts,
  start,
  unhurried,
  type World,
} from "../../support/consumer-world.ts";
import { memoryHeadStore } from "#adapters/memory/head-store";
import { textWith } from "../../support/matching.ts";

/** Its third message writes what is there already. */
async function withImpossibleThird(world: World): Promise<EffectsHandler<Ledger, AppendWrite>> {
  const events = [{ type: "x", data: {} }];
  const there: Commit = nextCommit("elsewhere", [], { events, recordedAt: start });
  await world.store.append(there);
  return {
    ...world.handler,
    handle(ledger, message, delivery) {
      const effect = world.handler.handle(ledger, message, delivery);
      if (message.sequence !== 3) return effect;
      return { ...effect, writes: [{ kind: "append", commit: there }] };
    },
  };
}

const run = (deliver: (sent: Envelope) => ReturnType<ReturnType<typeof deliveries>>, count = 4) =>
  Array.from({ length: count }, (_, index) => deliver(envelope("a", index + 1)));

test("a refused effect is its own message's failure; those before it are applied", async () => {
  const world = consumerWorld({ settings: { attemptsMax: 2 } });
  const handler = await withImpossibleThird(world);
  const batch = run(deliveries());
  const consumer = world.sandbox({ handler });

  const first = await consumer.consume(batch, unhurried);
  const between = await world.head("a");
  await consumer.consume(batch.slice(2, 3), unhurried);

  expect(first.notDurable).toEqual(receipts(batch.slice(2, 3)));
  expect(between).toMatchObject({ last: 2, attempts: 1, status: "running" });
  expect(await world.head("a")).toMatchObject({
    last: 2,
    status: "halted",
    halt: { sequence: 3, code: "conflict" },
  });
  expect(await world.applied("a")).toEqual([1, 2]);
});

test("races for the head do not count against an effect", async () => {
  const world = consumerWorld({ settings: { attemptsMax: 1 } });
  const handler = await withImpossibleThird(world);
  let races = 0;
  const heads = {
    ...world.heads,
    commit: async (commit: Parameters<typeof world.heads.commit>[0]) => {
      races += 1;
      if (races > 5) return await world.heads.commit(commit);
      return { kind: "fenced" as const, current: await world.heads.read("a") };
    },
  };

  const [batch] = [run(deliveries(), 2)];
  const { notDurable } = await world.sandbox({ handler, heads }).consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  expect(await world.head("a")).toMatchObject({ last: 2, status: "running" });
});

test("a message that makes its head too large for the store halts its stream there", async () => {
  const world = consumerWorld();
  const heads = memoryHeadStore(world.store, { itemBytesMax: 3_000 });
  const long = envelope("a", 3, { data: { step: "x".repeat(3_000) } });
  const deliver = deliveries();
  const batch = [deliver(envelope("a", 1)), deliver(envelope("a", 3)), deliver(envelope("a", 4))];
  const large = [deliver(envelope("b", 1)), deliver({ ...long, partitionkey: "b", sequence: 2 })];
  const consumer = world.sandbox({ heads });

  const { notDurable } = await consumer.consume([...batch, ...large], unhurried);

  // Of an effects handler nothing of the message is in the head: it is applied.
  expect(notDurable).toEqual([]);
  expect(await heads.read("a")).toMatchObject({ last: 1 });
  expect(await heads.read("b")).toMatchObject({ last: 2 });
});

test("what cannot even be parked goes back, its neighbours do not", async () => {
  const world = consumerWorld();
  const heads = memoryHeadStore(world.store, { itemBytesMax: 3_000 });
  const deliver = deliveries();
  const long = deliver(envelope("a", 2, { data: { step: "x".repeat(3_000) } }));
  const healthy = deliver(envelope("b", 1));

  const { notDurable } = await world.sandbox({ heads }).consume([long, healthy], unhurried);

  expect(notDurable).toEqual(receipts([long]));
  expect(world.events).toMatchObject([
    { kind: "returned", why: "store-failed", error: { message: textWith("an item holds 3000") } },
  ]);
});

test("a body that grows beyond the limit when it is written again is unreadable", async () => {
  const world = consumerWorld({ settings: { gapDeadlineMs: milliseconds(1) } });
  const numbers = Array(51_000).fill("1e20").join(",");
  const body = JSON.stringify(envelope("a", 3)).replace('"step":3', `"n":[${numbers}]`);
  const deliver = deliveries();
  const healthy = deliver(envelope("a", 2));
  const grows = { receiptId: "grows", group: "a", body };

  const { notDurable } = await world.sandbox().consume([healthy, grows], unhurried);

  expect(notDurable).toEqual([]);
  expect(world.deadLetters.buried).toEqual([
    { record: grows, cause: textWith("bytes when written again; at most 262144 fit") },
  ]);
  expect((await world.head("a")).parked.map(({ sequence }) => sequence)).toEqual([2]);
});

test("a parked body that was lost can be sent again", async () => {
  const world = consumerWorld({ settings: { parkedBytesMax: 0 } });
  const deliver = deliveries();
  await world.sandbox().consume([deliver(envelope("a", 2))], unhurried);
  const heads = { ...world.heads, readParked: async () => [] };

  await world.sandbox({ heads }).consume([deliver(envelope("a", 1))], unhurried);
  const halted = await world.head("a");
  const { report } = await world.sandbox().consume([deliver(envelope("a", 2))], unhurried);

  expect(halted).toMatchObject({ status: "halted", last: 1, parked: [] });
  expect(report).toMatchObject({ duplicates: 0, parkedBehindHalt: 1 });
});
