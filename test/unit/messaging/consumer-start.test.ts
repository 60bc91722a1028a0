// Where a consumer begins a stream that it has never seen.
import { expect, test } from "vitest";
import type { StartAt } from "#messaging";
import {
  commands,
  consumerWorld,
  deliveries,
  envelope,
  unhurried,
} from "../../support/consumer-world.ts";

async function first(startAt: StartAt | undefined, sequences: readonly number[]) {
  const world = consumerWorld(startAt === undefined ? {} : { startAt });
  const deliver = deliveries();
  const consumer = world.sandbox();
  const { report } = await consumer.consume(
    sequences.map((sequence) => deliver(envelope("a", sequence))),
    unhurried,
  );
  return { world, consumer, deliver, report };
}

test.each(["first", undefined] as const)("%s: with sequence 1, and not before it", async (at) => {
  const { world, report } = await first(at, [5, 6]);

  expect(report).toMatchObject({ applied: 0, early: 2 });
  expect(await world.head("a")).toMatchObject({ last: 0 });
});

test("latest: with the smallest sequence of the batch that it is first seen in", async () => {
  const { world } = await first("latest", [7, 5, 6]);

  expect(await world.applied("a")).toEqual([5, 6, 7]);
  expect(await world.head("a")).toMatchObject({ last: 7, startedAfter: 4 });
});

test.each([
  ["a decision", () => commands()("a", { kind: "retry", id: "d1", sequence: 1 })],
  ["a stray message", () => deliveries()(envelope("a", 2), "b")],
])("latest: %s that comes first is no beginning", async (_name, stranger) => {
  const world = consumerWorld({ startAt: "latest" });
  const deliver = deliveries();
  await world.sandbox().consume([stranger()], unhurried);
  const before = await world.head("a");

  await world.sandbox().consume([deliver(envelope("a", 7)), stranger()], unhurried);

  expect(before).toMatchObject({ version: 1, last: 0 });
  expect(await world.applied("a")).toEqual([7]);
  expect(await world.head("a")).toMatchObject({ last: 7, startedAfter: 6 });
});

test("latest: a stray that halts the stream before it has begun halts it where it begins", async () => {
  const strictly = { severity: "critical", recovery: { kind: "strict-halt" } } as const;
  const world = consumerWorld({
    startAt: "latest",
    recovery: { "partition-mismatch": strictly },
  });
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 2), "b")], unhurried);
  await consumer.consume([deliver(envelope("a", 7))], unhurried);
  const before = await world.head("a");

  const decision = { kind: "retry", id: "d1", sequence: before.halt?.sequence ?? 0 } as const;
  await consumer.consume([commands()("a", decision)], unhurried);

  expect(before).toMatchObject({ status: "halted", last: 6, halt: { sequence: 7 } });
  expect(await world.applied("a")).toEqual([7]);
  expect(await world.head("a")).toMatchObject({ status: "running", last: 7 });
});

test("latest: what waits for its predecessor has begun the stream", async () => {
  const { world, consumer, deliver } = await first("first", [3]);
  const other = consumerWorld({ startAt: "latest" });

  await other.sandbox({ heads: world.heads }).consume([deliver(envelope("a", 9))], unhurried);
  await consumer.consume([deliver(envelope("a", 1)), deliver(envelope("a", 2))], unhurried);

  expect(await world.applied("a")).toEqual([1, 2, 3]);
});

test("a number: with that sequence; what is before it was never asked for", async () => {
  const { world, consumer, deliver } = await first(5, [6, 5]);

  const { notDurable, report } = await consumer.consume([deliver(envelope("a", 4))], unhurried);

  expect(await world.applied("a")).toEqual([5, 6]);
  expect(notDurable).toEqual([]);
  expect(report).toMatchObject({ late: 1, violations: {}, writes: 0 });
});

test("a stream that is known goes on where it is, whatever is configured", async () => {
  const { world, deliver } = await first("first", [1, 2]);
  const other = consumerWorld({ startAt: "latest" });

  await other.sandbox({ heads: world.heads }).consume([deliver(envelope("a", 9))], unhurried);

  expect(await world.head("a")).toMatchObject({ last: 2 });
});

test.each([0, -1, 1.5, "last" as "latest"])(
  "%s is refused when the consumer is built",
  (startAt) => {
    expect(() => consumerWorld({ startAt }).sandbox()).toThrow(
      `startAt must be "first", "latest" or an integer >= 1; received ${startAt}`,
    );
  },
);
