// What comes again is dropped without a write, and never on the word of a memory that may be
// outdated.
import { expect, test } from "vitest";
import {
  commands,
  consumerWorld,
  deliveries,
  envelope,
  idle,
  passing,
  receipts,
  refusals,
  unhurried,
} from "../../support/consumer-world.ts";
import { faultyHeadStore } from "../../support/faulty-head-store.ts";

test("a cold duplicate costs one read and no write", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  await world.sandbox().consume([deliver(envelope("a", 1))], unhurried);

  const { notDurable, report } = await world
    .sandbox()
    .consume([deliver(envelope("a", 1))], unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, duplicates: 1, reads: 1 });
});

test("a batch of nothing but duplicates by memory is confirmed by one read", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();
  const batch = [1, 2, 3].map((sequence) => deliver(envelope("a", sequence)));
  await consumer.consume(batch, unhurried);

  const { notDurable, report } = await consumer.consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, duplicates: 3, reads: 1 });
  expect(await world.applied("a")).toEqual([1, 2, 3]);
});

test("the confirming read applies what the memory wrongly took for applied", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1)), deliver(envelope("a", 2))], unhurried);
  const head = await world.heads.read("a");
  if (head === undefined) throw new Error("no head");
  // The position was set back by somebody else: the version is not.
  const rewound = { ...head, last: 1, recent: [], version: head.version + 1, attemptId: "rewind" };
  await world.heads.commit({ head: rewound, writes: [] });

  const { report } = await consumer.consume([deliver(envelope("a", 2))], unhurried);

  expect(report).toEqual({ ...idle, applied: 1, reads: 1, writes: 1 });
  expect(await world.applied("a")).toEqual([1, 2, 2]);
});

test("a duplicate beside new messages is confirmed by their write, without a read", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1))], unhurried);

  const { report } = await consumer.consume(
    [deliver(envelope("a", 1)), deliver(envelope("a", 2))],
    unhurried,
  );

  expect(report).toEqual({ ...idle, applied: 1, duplicates: 1, writes: 1 });
});

test("two copies in one batch are applied once", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = [1, 1, 2, 1, 2].map((sequence) => deliver(envelope("a", sequence)));

  const { notDurable, report } = await world.sandbox().consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, applied: 2, duplicates: 3, reads: 1, writes: 1 });
  expect(await world.applied("a")).toEqual([1, 2]);
});

test("a copy of a parked message is a duplicate, within the batch and later", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();

  const first = await consumer.consume(
    [deliver(envelope("a", 3)), deliver(envelope("a", 3))],
    unhurried,
  );
  const later = await consumer.consume([deliver(envelope("a", 3))], unhurried);

  expect(first.report).toEqual({
    ...idle,
    early: 1,
    duplicates: 1,
    reads: 1,
    writes: 1,
    lagMax: 1,
  });
  expect(later.report).toEqual({ ...idle, duplicates: 1, reads: 1, lagMax: 1 });
});

test("a copy of what goes back goes back too", async () => {
  const { failures, refuse } = refusals();
  failures.set("a#1", passing);
  const world = consumerWorld({ refuse });
  const deliver = deliveries();
  const batch = [1, 2, 1].map((sequence) => deliver(envelope("a", sequence)));

  const { notDurable } = await world.sandbox().consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch.toSpliced(1, 1)));
  expect(await world.heads.read("a")).toMatchObject({ attempts: 1 });
});

test("the window has no end: the first of a thousand is still known", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = Array.from({ length: 1_000 }, (_, index) => deliver(envelope("a", index + 1)));
  const consumer = world.sandbox();
  await consumer.consume(batch, unhurried);

  const { report } = await consumer.consume(batch.slice(0, 1), unhurried);

  expect(report).toMatchObject({ applied: 0, duplicates: 1, writes: 0 });
});

test("a duplicate whose confirming read fails goes back", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const heads = { ...world.heads };
  const consumer = world.sandbox({ heads });
  const batch = [deliver(envelope("a", 1))];
  await consumer.consume(batch, unhurried);
  heads.read = () => Promise.reject(passing);

  const { notDurable, report } = await consumer.consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch));
  expect(report).toEqual({ ...idle, returned: 1, reads: 1 });
});

test("a duplicate beside a message whose write fails goes back, unconfirmed", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const heads = faultyHeadStore(world.heads, { commits: ["answered", "throttled"] });
  const consumer = world.sandbox({ heads });
  await consumer.consume([deliver(envelope("a", 1))], unhurried);
  const batch = [1, 2].map((sequence) => deliver(envelope("a", sequence)));

  const { notDurable } = await consumer.consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch));
});

test("what the head just read has durable does not go back when the write fails", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  await world.sandbox().consume(
    [1, 5].map((n) => deliver(envelope("a", n))),
    unhurried,
  );
  const heads = faultyHeadStore(world.heads, { commits: ["throttled"] });
  const batch = [1, 2, 5].map((sequence) => deliver(envelope("a", sequence)));

  const { notDurable, report } = await world.sandbox({ heads }).consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch.slice(1, 2)));
  expect(report).toEqual({ ...idle, duplicates: 2, returned: 1, reads: 1, writes: 1, lagMax: 1 });
});

test("what the head has decided, or filed as late, does not go back either", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const skip = commands()("a", { kind: "skip", id: "d1", sequence: 1 });
  const late = deliver(envelope("a", 1));
  await world.sandbox().consume([deliver(envelope("a", 2)), skip, late], unhurried);
  const heads = faultyHeadStore(world.heads, { commits: ["throttled"] });
  const next = deliver(envelope("a", 3));

  const { notDurable, report } = await world
    .sandbox({ heads })
    .consume([next, skip, late], unhurried);

  expect(notDurable).toEqual(receipts([next]));
  expect(report).toMatchObject({ decided: 1, late: 1, returned: 1, writes: 1 });
});

test("what was loaded for an older head is forgotten when a newer one is read", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1))], unhurried);
  await world.sandbox().consume([deliver(envelope("a", 2))], unhurried);
  await consumer.consume([deliver(envelope("a", 1))], unhurried);

  const { report } = await consumer.consume([deliver(envelope("a", 3))], unhurried);

  expect(report).toEqual({ ...idle, applied: 1, writes: 1 });
});
