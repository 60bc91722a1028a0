// What a failing message does to its stream: it is counted and comes again, or it halts the stream.
import { expect, test } from "vitest";
import { Failure } from "#kernel/failure";
import {
  consumerWorld,
  deliveries,
  envelope,
  idle,
  lasting,
  passing,
  receipts,
  refusals,
  start,
  unhurried,
} from "../../support/consumer-world.ts";

test("a transient failure: it is counted and goes back, alone; what follows waits", async () => {
  const { failures, refuse } = refusals();
  failures.set("a#2", passing);
  const world = consumerWorld({ refuse });
  const deliver = deliveries();
  const batch = [1, 2, 3, 4].map((sequence) => deliver(envelope("a", sequence)));

  const { notDurable, report } = await world.sandbox().consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch.slice(1, 2)));
  expect(report).toEqual({
    ...idle,
    applied: 1,
    early: 2,
    returned: 1,
    reads: 1,
    writes: 1,
    lagMax: 2,
  });
  expect(await world.applied("a")).toEqual([1]);
  const head = await world.heads.read("a");
  expect(head).toMatchObject({ last: 1, status: "running", attempts: 1 });
  expect(head?.parked.map(({ sequence, reason }) => [sequence, reason])).toEqual([
    [3, "early"],
    [4, "early"],
  ]);
});

test("when its cause has passed, it is applied and releases what waited", async () => {
  const { failures, refuse } = refusals();
  failures.set("a#2", passing);
  const world = consumerWorld({ refuse });
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume(
    [1, 2, 3, 4].map((sequence) => deliver(envelope("a", sequence))),
    unhurried,
  );
  failures.clear();

  const { notDurable, report } = await consumer.consume([deliver(envelope("a", 2))], unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, applied: 3, released: 2, writes: 1 });
  expect(await world.applied("a")).toEqual([1, 2, 3, 4]);
  expect(await world.heads.read("a")).toMatchObject({ last: 4, attempts: 0, parked: [] });
});

test("loading that fails counts as a failed attempt of the first message", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = [deliver(envelope("a", 1)), deliver(envelope("a", 2))];
  const handler = { ...world.handler, load: () => Promise.reject(passing) };

  const { notDurable, report } = await world.sandbox({ handler }).consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch.slice(0, 1)));
  expect(report).toEqual({ ...idle, early: 1, returned: 1, reads: 1, writes: 1, lagMax: 1 });
  expect(await world.heads.read("a")).toMatchObject({ last: 0, attempts: 1 });
});

test("a permanent failure: the stream halts, and keeps it and all behind it", async () => {
  const { failures, refuse } = refusals();
  failures.set("a#2", lasting);
  const world = consumerWorld({ refuse });
  const deliver = deliveries();
  const batch = [1, 2, 3].map((sequence) => deliver(envelope("a", sequence)));

  const { notDurable, report } = await world.sandbox().consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  const counts = { applied: 1, parkedBehindHalt: 2, halted: 1, reads: 1, writes: 1, lagMax: 2 };
  expect(report).toEqual({ ...idle, ...counts });
  const head = await world.heads.read("a");
  expect(head).toMatchObject({
    last: 1,
    status: "halted",
    halt: {
      sequence: 2,
      messageId: "a#2",
      code: "fulfilment-not-expected",
      message: "delivered before sent",
      at: start,
    },
  });
  expect(head?.parked.map(({ sequence }) => sequence)).toEqual([2, 3]);
  expect(head?.dueAt).toBeUndefined();
  expect(world.events).toContainEqual({ kind: "stream-halted", stream: "a", halt: head?.halt });
  expect(await world.audit("a")).toEqual([{ kind: "halt", at: start, halt: head?.halt }]);
});

test("a failure with action reject halts too: the message can never be applied", async () => {
  const refuse = () => {
    throw new Failure("malformed-message", "reject", "no amount");
  };
  const world = consumerWorld({ refuse });

  const batch = [deliveries()(envelope("a", 1))];
  const { report } = await world.sandbox().consume(batch, unhurried);

  expect(report).toMatchObject({ halted: 1, parkedBehindHalt: 1, returned: 0 });
});

test.for([
  ["a failure", passing, "provider-unavailable"],
  ["an error that says nothing of itself", new TypeError("x is not a function"), "unexpected"],
] as const)(
  "%s that does not pass halts the stream at its last attempt",
  async ([, error, code]) => {
    const { failures, refuse } = refusals();
    failures.set("a#1", error);
    const world = consumerWorld({ refuse, settings: { attemptsMax: 3 } });
    const deliver = deliveries();
    const consumer = world.sandbox();

    const returned: number[] = [];
    for (let delivery = 0; delivery < 3; delivery += 1) {
      const { notDurable } = await consumer.consume([deliver(envelope("a", 1))], unhurried);
      returned.push(notDurable.length);
    }

    expect(returned).toEqual([1, 1, 0]);
    const head = await world.heads.read("a");
    expect(head).toMatchObject({ status: "halted", attempts: 3, halt: { sequence: 1, code } });
    expect(head?.halt?.message).toContain("attempt 3, the last");
    expect(head?.parked.map(({ message }) => message?.id)).toEqual(["a#1"]);
  },
);

test("attempts are counted for each message afresh", async () => {
  const { failures, refuse } = refusals();
  const world = consumerWorld({ refuse, settings: { attemptsMax: 2 } });
  const deliver = deliveries();
  const consumer = world.sandbox();

  for (const sequence of [1, 2, 3]) {
    failures.set(`a#${sequence}`, passing);
    await consumer.consume([deliver(envelope("a", sequence))], unhurried);
    failures.clear();
    await consumer.consume([deliver(envelope("a", sequence))], unhurried);
  }

  expect(await world.applied("a")).toEqual([1, 2, 3]);
});

test("what fails in one stream costs the others of the batch nothing", async () => {
  const { failures, refuse } = refusals();
  failures.set("ill#1", lasting);
  failures.set("slow#1", passing);
  const world = consumerWorld({ refuse });
  const deliver = deliveries();
  const batch = ["ill", "well", "slow", "fine"].flatMap((stream) => [
    deliver(envelope(stream, 1)),
    deliver(envelope(stream, 2)),
  ]);

  const { notDurable, report } = await world.sandbox().consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch.slice(4, 5)));
  const counts = { applied: 4, early: 1, parkedBehindHalt: 2, halted: 1, returned: 1 };
  expect(report).toEqual({ ...idle, ...counts, reads: 4, writes: 4, lagMax: 2 });
  expect(await world.applied("well")).toEqual([1, 2]);
  expect(await world.applied("fine")).toEqual([1, 2]);
});
