// Every row of the table "what happens then": what is written, what goes back to the queue.
import { expect, test } from "vitest";
import {
  consumerWorld,
  deliveries,
  envelope,
  idle,
  start,
  unhurried,
} from "../../support/consumer-world.ts";
import { textWith } from "../../support/matching.ts";

test("all handled: one write for state, effects and position; nothing goes back", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = [1, 2, 3].map((sequence) => deliver(envelope("a", sequence)));

  const { notDurable, report } = await world.sandbox().consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, applied: 3, reads: 1, writes: 1 });
  expect(await world.applied("a")).toEqual([1, 2, 3]);
  expect(await world.heads.read("a")).toMatchObject({
    version: 1,
    last: 3,
    status: "running",
    parked: [],
    attempts: 0,
  });
});

test("a warm stream is written without a read", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1))], unhurried);

  const { report } = await consumer.consume([deliver(envelope("a", 2))], unhurried);

  expect(report).toEqual({ ...idle, applied: 1, writes: 1 });
  expect(world.loads).toEqual(["a"]);
});

test("an empty batch does nothing", async () => {
  const { notDurable, report } = await consumerWorld().sandbox().consume([], unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual(idle);
});

test("early messages are kept, and a gap's deadline is set once", async () => {
  const world = consumerWorld({ settings: { gapDeadlineMs: 1_000 as never } });
  const deliver = deliveries();
  const consumer = world.sandbox();

  const { notDurable, report } = await consumer.consume(
    [deliver(envelope("a", 3)), deliver(envelope("a", 2))],
    unhurried,
  );
  world.clock.at = (start + 400) as never;
  await consumer.consume([deliver(envelope("a", 4))], unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, early: 2, reads: 1, writes: 1, lagMax: 2 });
  const head = await world.heads.read("a");
  expect(head).toMatchObject({ last: 0, status: "running", dueAt: start + 1_000 });
  expect(head?.parked.map(({ sequence }) => sequence)).toEqual([2, 3, 4]);
  expect(await world.applied("a")).toEqual([]);
});

test("the missing message is applied with the run it releases, in one write", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume(
    [3, 2, 5].map((sequence) => deliver(envelope("a", sequence))),
    unhurried,
  );
  world.clock.at = (start + 5_000) as never;

  const { report } = await consumer.consume([deliver(envelope("a", 1))], unhurried);

  expect(report).toEqual({
    ...idle,
    applied: 3,
    released: 2,
    writes: 1,
    ageMsMax: 5_000,
    lagMax: 1,
  });
  const commits = await world.store.read("a");
  expect(commits.flatMap(({ events }) => events.map(({ data }) => data))).toMatchObject([
    { sequence: 1, held: false },
    { sequence: 2, held: true },
    { sequence: 3, held: true },
  ]);
  const head = await world.heads.read("a");
  expect(head?.parked.map(({ sequence }) => sequence)).toEqual([5]);
  expect(head?.dueAt).toBe(start + 5_000 + 300_000);
});

test("a healthy stream has no deadline", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 2))], unhurried);

  await consumer.consume([deliver(envelope("a", 1))], unhurried);

  const head = await world.heads.read("a");
  expect(head?.last).toBe(2);
  expect(head).not.toHaveProperty("dueAt");
});

test("messages that only came out of order within the batch are never parked", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = [3, 1, 2].map((sequence) => deliver(envelope("a", sequence)));

  const { report } = await world.sandbox().consume(batch, unhurried);

  expect(report).toEqual({ ...idle, applied: 3, reads: 1, writes: 1 });
  const commits = await world.store.read("a");
  const held = commits.flatMap(({ events }) => events.map(({ data }) => data["held"]));
  expect(held).toEqual([false, false, false]);
});

test("a halted stream keeps what arrives", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  await world.sandbox().consume([deliver(envelope("a", 1))], unhurried);
  const head = await world.heads.read("a");
  if (head === undefined) throw new Error("no head");
  await world.heads.commit({
    head: { ...head, status: "halted", version: 2, attemptId: "operator" },
    writes: [],
  });

  const { notDurable, report } = await world
    .sandbox()
    .consume([deliver(envelope("a", 2)), deliver(envelope("a", 4))], unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, parkedBehindHalt: 2, reads: 1, writes: 1, lagMax: 2 });
  const after = await world.heads.read("a");
  expect(after?.parked.map(({ sequence, reason }) => [sequence, reason])).toEqual([
    [2, "halted"],
    [4, "halted"],
  ]);
  expect(await world.applied("a")).toEqual([1]);
});

test("an undecodable record goes to the dead letters with its cause", async () => {
  const world = consumerWorld();
  const record = { receiptId: "r", group: "a", body: "{" };

  const { notDurable, report } = await world.sandbox().consume([record], unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, undecodable: 1 });
  expect(world.deadLetters.buried).toEqual([
    { record, cause: textWith("must be one JSON object") },
  ]);
});

test("an undecodable record that cannot be buried goes back", async () => {
  const world = consumerWorld();
  const deadLetters = { bury: () => Promise.reject(new Error("no queue")) };
  const record = { receiptId: "r", group: "a", body: "{" };

  const { notDurable, report } = await world.sandbox({ deadLetters }).consume([record], unhurried);

  expect(notDurable).toEqual(["r"]);
  expect(report).toEqual({ ...idle, returned: 1 });
  expect(world.events).toMatchObject([{ kind: "returned", why: "dead-letters-failed" }]);
});

test("whoever watches cannot harm a message", async () => {
  const world = consumerWorld();
  const observe = () => {
    throw new Error("the log is full");
  };
  const record = { receiptId: "r", group: "a", body: "nonsense" };

  const { notDurable } = await world.sandbox({ observe }).consume([record], unhurried);

  expect(notDurable).toEqual([]);
  expect(world.deadLetters.buried).toHaveLength(1);
});
