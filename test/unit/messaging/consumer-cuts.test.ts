// A run that does not fit one transaction is cut, and every part moves the position.
import { expect, test } from "vitest";
import type { AppendWrite, EffectsHandler } from "#messaging";
import {
  consumerWorld,
  deliveries,
  envelope,
  idle,
  type Ledger,
  receipts,
  unhurried,
} from "../../support/consumer-world.ts";
import { faultyHeadStore } from "../../support/faulty-head-store.ts";

test("a long run is cut where one transaction ends, each commit moving the position", async () => {
  const world = consumerWorld({ bounds: { writesMax: 99 } });
  const deliver = deliveries();
  const batch = Array.from({ length: 250 }, (_, index) => deliver(envelope("a", index + 1)));

  const { report } = await world.sandbox().consume(batch, unhurried);

  expect(report).toEqual({ ...idle, applied: 250, reads: 1, writes: 3 });
  expect(await world.heads.read("a")).toMatchObject({ version: 3, last: 250 });
  expect(await world.applied("a")).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
});

test("a run is cut before its transaction grows too large", async () => {
  const world = consumerWorld({ bounds: { bytesMax: 2_500 } });
  const deliver = deliveries();
  const batch = [1, 2, 3].map((sequence) =>
    deliver(envelope("a", sequence, { data: { large: "x".repeat(1_000) } })),
  );

  const { report } = await world.sandbox().consume(batch, unhurried);

  expect(report).toMatchObject({ applied: 3, writes: 2 });
});

test("when a later part of a long run fails, the earlier parts stand", async () => {
  const world = consumerWorld({ bounds: { writesMax: 2 } });
  const deliver = deliveries();
  const batch = [1, 2, 3, 4, 5].map((sequence) => deliver(envelope("a", sequence)));
  const heads = faultyHeadStore(world.heads, { commits: ["answered", "throttled"] });

  const { notDurable, report } = await world.sandbox({ heads }).consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch.slice(2)));
  expect(report).toMatchObject({ applied: 2, returned: 3 });
  expect(await world.applied("a")).toEqual([1, 2]);
});

test("when another sandbox comes between two parts, nothing is applied twice", async () => {
  const world = consumerWorld({ bounds: { writesMax: 2 } });
  const deliver = deliveries();
  const batch = [1, 2, 3, 4, 5].map((sequence) => deliver(envelope("a", sequence)));
  const twin = () => world.sandbox().consume(batch, unhurried);
  const heads = faultyHeadStore(world.heads, { commits: ["answered", twin] });

  const { notDurable, report } = await world.sandbox({ heads }).consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toMatchObject({ applied: 2, duplicates: 3 });
  expect(await world.applied("a")).toEqual([1, 2, 3, 4, 5]);
});

/** Writes each message's commits as told. */
const writing = (
  handler: EffectsHandler<Ledger, AppendWrite>,
  writesOf: (writes: readonly AppendWrite[]) => readonly AppendWrite[],
): EffectsHandler<Ledger, AppendWrite> => ({
  ...handler,
  handle: (ledger, message, delivery) => {
    const { loaded, writes } = handler.handle(ledger, message, delivery);
    return { loaded, writes: writesOf(writes) };
  },
});

const numbered = (write: AppendWrite, number: number): AppendWrite => ({
  ...write,
  commit: { ...write.commit, number },
});

test.for([
  [
    "more writes than a transaction holds",
    (write: AppendWrite) => [1, 2, 3].map((n) => numbered(write, n)),
  ],
  ["the same item twice", (write: AppendWrite) => [write, write]],
] as const)("a message with %s halts its stream with the reason", async ([, multiply]) => {
  const world = consumerWorld({ bounds: { writesMax: 2 } });
  const handler = writing(world.handler, (writes) => writes.flatMap(multiply));

  const batch = [deliveries()(envelope("a", 1))];
  const { report } = await world.sandbox({ handler }).consume(batch, unhurried);

  expect(report).toMatchObject({ applied: 0, halted: 1, writes: 1 });
  expect((await world.heads.read("a"))?.halt).toMatchObject({ code: "payload-too-large" });
});

test("a message whose write no item can hold halts its stream with the reason", async () => {
  const world = consumerWorld({ bounds: { writeBytesMax: 500 } });
  const batch = [deliveries()(envelope("a", 1, { data: { large: "x".repeat(600) } }))];

  const { report } = await world.sandbox().consume(batch, unhurried);

  expect(report).toMatchObject({ applied: 0, halted: 1 });
});

test("two messages that write one item come in two commits", async () => {
  const world = consumerWorld();
  const heads = {
    ...world.heads,
    bounds: { ...world.heads.bounds, footprint: () => ({ item: "shared", bytes: 1 }) },
  };
  const batch = [1, 2].map((sequence) => deliveries()(envelope("a", sequence)));

  const { report } = await world.sandbox({ heads }).consume(batch, unhurried);

  expect(report).toMatchObject({ applied: 2, writes: 2 });
});
