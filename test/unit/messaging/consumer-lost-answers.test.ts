// Requests whose answer never came: what may have been written is looked up, never guessed.
import { expect, test } from "vitest";
import {
  consumerWorld,
  deliveries,
  envelope,
  idle,
  receipts,
  unhurried,
} from "../../support/consumer-world.ts";
import { type Fates, faultyHeadStore } from "../../support/faulty-head-store.ts";
import { textWith } from "../../support/matching.ts";

const worldWith = (fates: Fates, options: Parameters<typeof consumerWorld>[0] = {}) => {
  const world = consumerWorld(options);
  return { world, consumer: world.sandbox({ heads: faultyHeadStore(world.heads, fates) }) };
};

test("a write whose answer was lost is looked up, not repeated", async () => {
  const { world, consumer } = worldWith({ commits: ["lost-after-write"] });
  const batch = [deliveries()(envelope("a", 1))];

  const { notDurable, report } = await consumer.consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, applied: 1, reads: 2, writes: 1 });
  expect(await world.applied("a")).toEqual([1]);
});

test("a write that never arrived is repeated", async () => {
  const { world, consumer } = worldWith({ commits: ["lost-before-write", "lost-before-write"] });
  const batch = [deliveries()(envelope("a", 1))];

  const { notDurable, report } = await consumer.consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, applied: 1, reads: 3, writes: 3 });
  expect(await world.applied("a")).toEqual([1]);
});

test("a lost write on which another sandbox has built is not repeated", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const other = () => world.sandbox().consume([deliver(envelope("a", 2))], unhurried);
  const heads = faultyHeadStore(world.heads, {
    commits: ["lost-after-write"],
    reads: ["answered", other],
  });

  const { notDurable, report } = await world
    .sandbox({ heads })
    .consume([deliver(envelope("a", 1))], unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, duplicates: 1, reads: 2, writes: 1 });
  expect(await world.applied("a")).toEqual([1, 2]);
});

test("when nobody can tell whether it was written, the messages go back", async () => {
  const { world, consumer } = worldWith({
    commits: ["lost-after-write"],
    reads: ["answered", "throttled"],
  });
  const batch = [deliveries()(envelope("a", 1))];

  const { notDurable } = await consumer.consume(batch, unhurried);
  const again = await consumer.consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch));
  expect(again).toMatchObject({ notDurable: [], report: { duplicates: 1 } });
  expect(await world.applied("a")).toEqual([1]);
});

test("a write that is lost again and again is given up", async () => {
  const { world, consumer } = worldWith({
    commits: Array.from({ length: 9 }, () => "lost-before-write"),
  });
  const batch = [deliveries()(envelope("a", 1))];

  const { notDurable, report } = await consumer.consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch));
  expect(report).toEqual({ ...idle, returned: 1, reads: 7, writes: 6 });
  expect(world.events).toMatchObject([{ kind: "returned", why: "store-failed" }]);
});

test("a store that is away costs no attempt", async () => {
  const { world, consumer } = worldWith({ commits: ["throttled"] });
  const batch = [1, 2].map((sequence) => deliveries()(envelope("a", sequence)));

  const { notDurable, report } = await consumer.consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch));
  expect(report).toEqual({ ...idle, returned: 2, reads: 1, writes: 1 });
  expect(await world.heads.read("a")).toBeUndefined();
});

test("a head that cannot be read holds up its own stream and is not taken for empty", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  world.store.table.write([
    { partition: "torn", sort: "head#consumer", text: '{"format":1', condition: () => true },
  ]);
  const batch = [deliver(envelope("torn", 1)), deliver(envelope("well", 1))];

  const { notDurable, report } = await world.sandbox().consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch.slice(0, 1)));
  expect(report).toMatchObject({ applied: 1, returned: 1 });
  expect(world.events).toMatchObject([
    { stream: "torn", why: "store-failed", error: { message: textWith('"torn"') } },
  ]);
});
