// Everything has a bound, and what is beyond it goes back to the queue or halts with its reason;
// nothing is lost.
import { expect, test } from "vitest";
import {
  consumerWorld,
  deliveries,
  envelope,
  idle,
  lasting,
  receipts,
  refusals,
  unhurried,
} from "../../support/consumer-world.ts";
import { faultyHeadStore } from "../../support/faulty-head-store.ts";
import { textWith } from "../../support/matching.ts";

test("early messages beyond the bound on their number are buried with the cause", async () => {
  const world = consumerWorld({ settings: { parkedMax: 2 } });
  const deliver = deliveries();
  const batch = [2, 3, 4].map((sequence) => deliver(envelope("a", sequence)));

  const { notDurable, report } = await world.sandbox().consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, early: 2, refused: 1, reads: 1, writes: 1, lagMax: 2 });
  expect(world.deadLetters.buried).toEqual([
    { record: batch[2], cause: textWith("parking-full: the stream parks 2 messages already") },
  ]);
});

test("bodies beyond the head's share are parked beside it, and released from there", async () => {
  const world = consumerWorld({ settings: { parkedBytesMax: 1_000 } });
  const deliver = deliveries();
  const batch = [
    deliver(envelope("a", 2)),
    deliver(envelope("a", 3, { data: { large: "x".repeat(1_000) } })),
    deliver(envelope("a", 4)),
  ];

  const { notDurable } = await world.sandbox().consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  const head = await world.heads.read("a");
  const isInline = head?.parked.map(({ sequence, message }) => [sequence, message !== undefined]);
  expect(isInline).toEqual([
    [2, true],
    [3, false],
    [4, true],
  ]);
  expect(await world.heads.readParked("a", [2, 3, 4])).toMatchObject([{ id: "a#3" }]);

  const missing = [deliver(envelope("a", 1))];
  const { report } = await world.sandbox().consume(missing, unhurried);

  expect(report).toMatchObject({ applied: 4, released: 3, reads: 2, writes: 1 });
  expect(await world.applied("a")).toEqual([1, 2, 3, 4]);
  expect(await world.heads.readParked("a", [3])).toEqual([]);
});

test("a full stream takes the missing message and is emptied by it", async () => {
  const world = consumerWorld({ settings: { parkedMax: 2 } });
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume(
    [2, 3].map((sequence) => deliver(envelope("a", sequence))),
    unhurried,
  );

  const { notDurable, report } = await consumer.consume(
    [4, 1].map((sequence) => deliver(envelope("a", sequence))),
    unhurried,
  );

  expect(notDurable).toEqual([]);
  expect(report).toMatchObject({ applied: 4, released: 2 });
});

test("a full stream is confirmed by a read before its messages go back", async () => {
  const world = consumerWorld({ settings: { parkedMax: 1 } });
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 3))], unhurried);
  await world.sandbox().consume(
    [1, 2].map((n) => deliver(envelope("a", n))),
    unhurried,
  );

  const { notDurable, report } = await consumer.consume([deliver(envelope("a", 5))], unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, early: 1, reads: 1, writes: 1, lagMax: 1 });
});

test("a poison message too large for the head is parked beside it", async () => {
  const { failures, refuse } = refusals();
  failures.set("a#1", lasting);
  const world = consumerWorld({ refuse, settings: { parkedBytesMax: 100 } });
  const deliver = deliveries();
  const batch = [deliver(envelope("a", 1, { data: { large: "x".repeat(1_000) } }))];
  const consumer = world.sandbox();

  const first = await consumer.consume(batch, unhurried);
  const again = await consumer.consume(batch, unhurried);

  expect(first).toMatchObject({ notDurable: [], report: { halted: 1, parkedBehindHalt: 1 } });
  expect(again).toMatchObject({ notDurable: [], report: { duplicates: 1, writes: 0 } });
  expect(await world.heads.readParked("a", [1])).toMatchObject([{ id: "a#1" }]);
  expect(await world.heads.read("a")).toMatchObject({ status: "halted", halt: { sequence: 1 } });
});

test("with the deadline near nothing is begun, and everything goes back", async () => {
  const world = consumerWorld({ settings: { deadlineMarginMs: 500 } });
  const deliver = deliveries();
  const batch = [deliver(envelope("a", 1)), { receiptId: "r", group: "a", body: "nonsense" }];

  const { notDurable, report } = await world.sandbox().consume(batch, { remainingMs: () => 499 });

  expect(notDurable).toEqual(receipts(batch));
  expect(report).toEqual({ ...idle, returned: 2 });
  expect(world.store.table.requests).toEqual({ reads: 0, writes: 0 });
});

test("what was committed before the deadline came near does not go back", async () => {
  const world = consumerWorld({ bounds: { writesMax: 2 } });
  const deliver = deliveries();
  const batch = [1, 2, 3, 4, 5].map((sequence) => deliver(envelope("a", sequence)));
  let remaining = 60_000;
  const hurry = async () => {
    remaining = 0;
  };
  const heads = faultyHeadStore(world.heads, { commits: ["answered", hurry] });

  const { notDurable, report } = await world
    .sandbox({ heads })
    .consume(batch, { remainingMs: () => remaining });

  expect(notDurable).toEqual(receipts(batch.slice(4)));
  expect(report).toEqual({ ...idle, applied: 4, returned: 1, reads: 1, writes: 2 });
  expect(world.events).toMatchObject([{ kind: "returned", why: "deadline-near" }]);
});

test("with the deadline near after reading, nothing is loaded", async () => {
  const world = consumerWorld();
  let remaining = 60_000;
  const hurry = async () => {
    remaining = 0;
  };
  const heads = faultyHeadStore(world.heads, { reads: [hurry] });
  const batch = [deliveries()(envelope("a", 1))];

  const consumer = world.sandbox({ heads });
  const { notDurable } = await consumer.consume(batch, { remainingMs: () => remaining });
  const loadedLate = [...world.loads];
  const inTime = await consumer.consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch));
  expect(loadedLate).toEqual([]);
  expect(inTime.report).toEqual({ ...idle, applied: 1, writes: 1 });
});

test("streams of a batch run side by side, within the bound", async () => {
  const world = consumerWorld({ settings: { streamsAtOnceMax: 3 } });
  const deliver = deliveries();
  let running = 0;
  let most = 0;
  const heads = {
    ...world.heads,
    read: async (stream: string) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return world.heads.read(stream);
    },
  };
  const batch = Array.from({ length: 12 }, (_, index) => deliver(envelope(`s${index}`, 1)));

  const { report } = await world.sandbox({ heads }).consume(batch, unhurried);

  expect(report.applied).toBe(12);
  expect(most).toBe(3);
});

test("only so many streams are remembered; the others are read again", async () => {
  const world = consumerWorld({ settings: { streamsCachedMax: 1 } });
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1))], unhurried);
  await consumer.consume([deliver(envelope("b", 1))], unhurried);

  const warm = await consumer.consume([deliver(envelope("b", 2))], unhurried);
  const cold = await consumer.consume([deliver(envelope("a", 2))], unhurried);

  expect(warm.report).toMatchObject({ applied: 1, reads: 0, writes: 1 });
  expect(cold.report).toMatchObject({ applied: 1, reads: 1, writes: 1 });
});

test("the stream that was used last is remembered longest", async () => {
  const world = consumerWorld({ settings: { streamsCachedMax: 2 } });
  const deliver = deliveries();
  const consumer = world.sandbox();
  for (const [stream, sequence] of [
    ["a", 1],
    ["b", 1],
    ["a", 2],
    ["c", 1],
  ] as const) {
    await consumer.consume([deliver(envelope(stream, sequence))], unhurried);
  }

  const { report } = await consumer.consume([deliver(envelope("a", 3))], unhurried);

  expect(report).toMatchObject({ applied: 1, reads: 0 });
});
