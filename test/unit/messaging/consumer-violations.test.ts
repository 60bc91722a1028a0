// What goes against a stream's order is filed once, in the write that it concerns, and never
// silently dropped.
import { expect, test } from "vitest";
import { isoInstant } from "#kernel/units";
import {
  consumerWorld,
  deliveries,
  envelope,
  idle,
  start,
  unhurried,
} from "../../support/consumer-world.ts";
import { textWith } from "../../support/matching.ts";

const at = (offsetMs: number): string => isoInstant((start + offsetMs) as typeof start);

test("a message stamped before an earlier one is applied and filed in one write", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = [
    deliver(envelope("a", 1, { time: at(2_000) })),
    deliver(envelope("a", 2, { time: at(1_000) })),
  ];

  const { notDurable, report } = await world.sandbox().consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({
    ...idle,
    applied: 2,
    reads: 1,
    writes: 1,
    violations: { "timestamp-anomaly": 1 },
  });
  expect((await world.heads.read("a"))?.violations).toEqual([
    {
      kind: "timestamp-anomaly",
      severity: "warning",
      sequence: 2,
      messageId: "a#2",
      expected: `a time not before ${at(2_000)}`,
      actual: at(1_000),
      at: start,
    },
  ]);
});

test("the newest time counts, not the last one", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const times = [3_000, 1_000, 2_000, 3_000, 4_000];
  const batch = times.map((ms, index) => deliver(envelope("a", index + 1, { time: at(ms) })));

  await world.sandbox().consume(batch, unhurried);

  const head = await world.heads.read("a");
  expect(head?.violations.map(({ sequence }) => sequence)).toEqual([2, 3]);
  expect(head?.newest).toBe(start + 4_000);
});

test("equal times and messages without a time stand outside the rule", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = [
    deliver(envelope("a", 1, { time: at(1_000) })),
    deliver(envelope("a", 2)),
    deliver(envelope("a", 3, { time: at(1_000) })),
  ];

  const { report } = await world.sandbox().consume(batch, unhurried);

  expect(report.violations).toEqual({});
});

test("a stream's own beginning is the earliest time, across batches", async () => {
  const world = consumerWorld({ startedAt: start });
  const deliver = deliveries();
  const consumer = world.sandbox();

  const early = await consumer.consume([deliver(envelope("a", 1, { time: at(-1) }))], unhurried);
  const onTime = await consumer.consume([deliver(envelope("a", 2, { time: at(0) }))], unhurried);

  expect(early.report.violations).toEqual({ "timestamp-anomaly": 1 });
  expect(onTime.report.violations).toEqual({});
});

test("another id with an applied sequence is filed, dead-lettered and acknowledged", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1))], unhurried);

  const twin = deliver(envelope("a", 1, { id: "other" }));
  const { notDurable, report } = await consumer.consume([twin], unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({
    ...idle,
    refused: 1,
    writes: 1,
    violations: { "sequence-conflict": 1 },
  });
  expect((await world.heads.read("a"))?.violations).toMatchObject([
    { kind: "sequence-conflict", severity: "critical", sequence: 1, messageId: "other" },
  ]);
  expect(world.deadLetters.buried).toEqual([
    { record: twin, cause: textWith("sequence-conflict: ") },
  ]);
  expect(await world.applied("a")).toEqual([1]);
});

test.for([
  ["in one batch", true],
  ["later", false],
] as const)(
  "another id with a parked sequence is a conflict: the first one stays, %s",
  async ([, together]) => {
    const world = consumerWorld();
    const deliver = deliveries();
    const consumer = world.sandbox();
    const [first, second] = [deliver(envelope("a", 2)), deliver(envelope("a", 2, { id: "other" }))];

    if (together) await consumer.consume([first, second], unhurried);
    else {
      await consumer.consume([first], unhurried);
      await consumer.consume([second], unhurried);
    }

    const head = await world.heads.read("a");
    expect(head?.parked.map(({ message }) => message?.id)).toEqual(["a#2"]);
    expect(head?.violations).toMatchObject([{ kind: "sequence-conflict", messageId: "other" }]);
    expect(world.deadLetters.buried.map(({ record }) => record)).toEqual([second]);
  },
);

test("of two ids with the next sequence the first is applied, the second refused", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = [deliver(envelope("a", 1)), deliver(envelope("a", 1, { id: "other" }))];

  const { report } = await world.sandbox().consume(batch, unhurried);

  expect(report).toMatchObject({ applied: 1, refused: 1, writes: 1 });
  const [commit] = await world.store.read("a");
  expect(commit?.events).toMatchObject([{ data: { id: "a#1" } }]);
});

test("a violation that comes again is not filed again, and costs no write", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1))], unhurried);
  const twin = deliver(envelope("a", 1, { id: "other" }));
  await consumer.consume([twin], unhurried);

  const { notDurable, report } = await consumer.consume([twin], unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, refused: 1, reads: 1 });
  expect((await world.heads.read("a"))?.violations).toHaveLength(1);
});

test("a refused message that cannot be dead-lettered goes back, its violation filed", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const deadLetters = { bury: () => Promise.reject(new Error("no queue")) };
  const consumer = world.sandbox({ deadLetters });
  await consumer.consume([deliver(envelope("a", 1))], unhurried);
  const twin = deliver(envelope("a", 1, { id: "other" }));

  const { notDurable, report } = await consumer.consume([twin], unhurried);

  expect(notDurable).toEqual([twin.receiptId]);
  expect(report).toMatchObject({ refused: 0, returned: 1, violations: { "sequence-conflict": 1 } });
});

test("a message that came through another partition is not applied", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const astray = deliver(envelope("a", 1), "b");

  const { notDurable, report } = await world.sandbox().consume([astray], unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({
    ...idle,
    refused: 1,
    reads: 1,
    writes: 1,
    violations: { "partition-mismatch": 1 },
  });
  const head = await world.heads.read("a");
  expect(head).toMatchObject({ last: 0, status: "running" });
  expect(head?.violations).toMatchObject([
    { severity: "critical", expected: 'partition "a"', actual: 'partition "b"' },
  ]);
  expect(world.deadLetters.buried).toHaveLength(1);
});

test("streams that share a partition are told apart from strays", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox({ groupOf: (stream) => `group-${stream.length}` });
  const batch = [deliver(envelope("aa", 1), "group-2"), deliver(envelope("bb", 1), "group-2")];

  const { report } = await consumer.consume(batch, unhurried);

  expect(report).toMatchObject({ applied: 2, refused: 0 });
});

test("the head keeps the last eight violations", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1))], unhurried);

  const twins = Array.from({ length: 10 }, (_, index) =>
    deliver(envelope("a", 1, { id: `twin-${index}` })),
  );
  const { report } = await consumer.consume(twins, unhurried);

  expect(report.violations).toEqual({ "sequence-conflict": 10 });
  const head = await world.heads.read("a");
  expect(head?.violations.map(({ messageId }) => messageId)).toEqual(
    [2, 3, 4, 5, 6, 7, 8, 9].map((index) => `twin-${index}`),
  );
});
