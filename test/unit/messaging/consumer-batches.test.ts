// A batch has any number of records, of one stream or of many, and none is at another's mercy.
import { expect, test } from "vitest";
import {
  consumerWorld,
  deliveries,
  envelope,
  lasting,
  passing,
  receipts,
  refusals,
  unhurried,
} from "../../support/consumer-world.ts";
import { externalWorld } from "../../support/external-world.ts";

const upTo = (last: number): readonly number[] =>
  Array.from({ length: last }, (_, index) => index + 1);

test("ten thousand messages of one stream, the last first, are applied in order", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = upTo(10_000)
    .toReversed()
    .map((sequence) => deliver(envelope("a", sequence)));

  const { notDurable, report } = await world.sandbox().consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toMatchObject({ applied: 10_000, early: 0 });
  expect(await world.applied("a")).toEqual(upTo(10_000));
});

test("ten thousand messages of as many streams are each applied", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = upTo(10_000).map((number) => deliver(envelope(`s${number}`, 1)));

  const { notDurable, report } = await world.sandbox().consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toMatchObject({ applied: 10_000, reads: 10_000, writes: 10_000 });
});

test("ten thousand early messages: a stream's share is parked, the rest buried", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = upTo(10_000).map((number) => deliver(envelope("a", number + 1)));

  const { notDurable, report } = await world.sandbox().consume(batch, unhurried);

  expect(report).toMatchObject({ early: 1_000, refused: 9_000 });
  expect(notDurable).toEqual([]);
  expect(world.deadLetters.buried).toHaveLength(9_000);
});

test("a run of five thousand calls is carried to its end", async () => {
  const world = externalWorld();
  const deliver = deliveries();
  const batch = upTo(5_000).map((sequence) => deliver(envelope("a", sequence)));

  const { notDurable, report } = await world.sandbox().consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toMatchObject({ applied: 5_000, writes: 5_001 });
});

test("of a batch in which every fault happens only what failed goes back", async () => {
  const { failures, refuse } = refusals();
  failures.set("poisoned#2", lasting);
  failures.set("failing#2", passing);
  const world = consumerWorld({ refuse });
  const deliver = deliveries();
  const streams = ["healthy", "poisoned", "failing"];
  const batch = upTo(4).flatMap((sequence) =>
    streams.map((stream) => deliver(envelope(stream, sequence))),
  );
  const nonsense = { receiptId: "nonsense", group: "healthy", body: "nonsense" };

  const { notDurable } = await world.sandbox().consume([...batch, nonsense], unhurried);

  // failing#2 is the sixth.
  expect(notDurable).toEqual(["receipt-6"]);
  expect(await world.applied("healthy")).toEqual([1, 2, 3, 4]);
});

test("a stream that nobody can route goes back; the others are applied", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox({
    groupOf: (stream) => {
      if (stream === "lost") throw new Error("the map has a hole");
      return stream;
    },
  });
  const lost = deliver(envelope("lost", 1));

  const { notDurable, report } = await consumer.consume(
    [lost, deliver(envelope("a", 1))],
    unhurried,
  );

  expect(notDurable).toEqual(receipts([lost]));
  expect(report).toMatchObject({ applied: 1, returned: 1 });
  expect(world.events).toMatchObject([{ kind: "returned", why: "unexpected" }]);
});
