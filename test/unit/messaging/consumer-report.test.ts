// What a batch says it did: every record once, and how far behind, how old and how slow it was.
import { expect, test } from "vitest";
import { type EpochMs, isoInstant, later, milliseconds } from "#kernel/units";
import {
  commands,
  consumerWorld,
  deliveries,
  envelope,
  idle,
  lasting,
  refusals,
  start,
  unhurried,
} from "../../support/consumer-world.ts";

const at = (time: EpochMs) => ({ time: isoInstant(time) });

test("every record is counted once, whatever became of it", async () => {
  const { failures, refuse } = refusals();
  failures.set("ill#1", lasting);
  const world = consumerWorld({ refuse, settings: { parkedMax: 2 } });
  const deliver = deliveries();
  const records = [
    deliver(envelope("a", 1)),
    deliver(envelope("a", 2)),
    deliver(envelope("a", 2)),
    deliver(envelope("a", 1, { id: "rival" })),
    deliver(envelope("a", 5)),
    deliver(envelope("ill", 1)),
    deliver(envelope("ill", 2)),
    deliver(envelope("ill", 3)),
    commands()("a", { kind: "skip", id: "d1", sequence: 4 }),
    deliver(envelope("a", 3)),
    { receiptId: "nonsense", group: "a", body: "nonsense" },
  ];

  const { report } = await world.sandbox().consume(records, unhurried);

  expect(report).toEqual({
    ...idle,
    // 1 and 2 as they came, 5 after it had waited for the decision.
    applied: 3,
    released: 1,
    duplicates: 1,
    // The rival, and one that there was no room for.
    refused: 2,
    early: 1,
    parkedBehindHalt: 2,
    decided: 1,
    late: 1,
    undecodable: 1,
    halted: 1,
    skipped: 2,
    violations: { "sequence-conflict": 1, "out-of-order": 1 },
    reads: 2,
    writes: 2,
    lagMax: 2,
  });
  const { applied, released, duplicates, early, parkedBehindHalt } = report;
  const { refused, undecodable, returned, late, decided } = report;
  const once = duplicates + early + parkedBehindHalt + refused + undecodable + returned;
  expect(applied - released + once + late + decided).toBe(records.length);
});

test("the age is that of the oldest message that was applied, by its own time", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  world.clock.at = later(start, milliseconds(5_000));

  const { report } = await world
    .sandbox()
    .consume(
      [
        deliver(envelope("a", 1, at(start))),
        deliver(envelope("a", 2, at(world.clock.at))),
        deliver(envelope("b", 1)),
      ],
      unhurried,
    );

  expect(report.ageMsMax).toBe(5_000);
});

test("what waited parked has aged meanwhile; what still waits has not been applied", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();
  const early = await consumer.consume([deliver(envelope("a", 2, at(start)))], unhurried);
  world.clock.at = later(start, milliseconds(60_000));
  const recent = at(later(start, milliseconds(59_000)));

  const { report } = await consumer.consume([deliver(envelope("a", 1, recent))], unhurried);

  expect(early.report.ageMsMax).toBe(0);
  expect(report.ageMsMax).toBe(60_000);
});

test("without a time of its own a message ages since it was sent, or parked", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();
  const sent = (sequence: number, sentAt: EpochMs) => ({
    ...deliver(envelope("a", sequence)),
    sentAt,
  });
  await consumer.consume([sent(2, start)], unhurried);
  world.clock.at = later(start, milliseconds(60_000));
  const recent = later(start, milliseconds(59_000));

  const { report } = await consumer.consume([sent(1, recent)], unhurried);
  const next = await consumer.consume([sent(3, recent)], unhurried);

  expect(report.ageMsMax).toBe(60_000);
  expect(next.report.ageMsMax).toBe(1_000);
});

test("a message from a clock that is ahead has no age", async () => {
  const world = consumerWorld();
  const ahead = at(later(start, milliseconds(1)));

  const { report } = await world
    .sandbox()
    .consume([deliveries()(envelope("a", 1, ahead))], unhurried);

  expect(report.ageMsMax).toBe(0);
});

test("the lag is what the stream that is furthest behind has parked at the end", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();

  const first = await consumer.consume(
    [
      ...[2, 3, 4].map((sequence) => deliver(envelope("a", sequence))),
      deliver(envelope("b", 2)),
      deliver(envelope("c", 1)),
    ],
    unhurried,
  );
  const second = await consumer.consume([deliver(envelope("a", 1))], unhurried);

  expect(first.report.lagMax).toBe(3);
  expect(second.report.lagMax).toBe(0);
});

test("the slowest commit is timed, by the consumer's clock", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const pauses = [7, 40, 3];
  const heads = {
    ...world.heads,
    commit: (commit: Parameters<typeof world.heads.commit>[0]) => {
      world.clock.at = later(world.clock.at, milliseconds(pauses.shift() ?? 0));
      return world.heads.commit(commit);
    },
  };

  const { report } = await world.sandbox({ heads }).consume(
    ["a", "b", "c"].map((stream) => deliver(envelope(stream, 1))),
    unhurried,
  );

  expect(report.writes).toBe(3);
  expect(report.commitMsMax).toBeGreaterThanOrEqual(40);
});
