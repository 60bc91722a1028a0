// What operators decide about a halted stream: once, in its turn, on record, and never by force.
import { expect, test } from "vitest";
import { Failure } from "#kernel/failure";
import {
  commands,
  consumerWorld,
  deliveries,
  envelope,
  lasting,
  refusals,
  start,
  unhurried,
  type World,
  type WorldOptions,
} from "../../support/consumer-world.ts";

/** Sequence 2 can never be applied; 3 and 4 wait behind it. */
async function halted(options: WorldOptions = {}) {
  const { failures, refuse } = refusals();
  failures.set("a#2", lasting);
  const world = consumerWorld({ refuse, ...options });
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume(
    [1, 2, 3, 4].map((sequence) => deliver(envelope("a", sequence))),
    unhurried,
  );
  return { world, failures, deliver, command: commands(), consumer };
}

const decisionsOf = async (world: World) =>
  (await world.audit("a")).flatMap((record) => (record.kind === "decision" ? [record] : []));

test("skip leaves the message out and drains what waited, in order", async () => {
  const { world, command, consumer } = await halted();

  const answer = await consumer.consume(
    [command("a", { kind: "skip", id: "d1", sequence: 2 })],
    unhurried,
  );

  expect(answer.notDurable).toEqual([]);
  expect(await world.applied("a")).toEqual([1, 3, 4]);
  expect(await world.head("a")).toMatchObject({
    last: 4,
    status: "running",
    parked: [],
    skipped: [{ from: 2, to: 2 }],
  });
  expect((await world.head("a")).halt).toBeUndefined();
  expect(answer.report).toMatchObject({ decided: 1, skipped: 1, released: 2, resumed: 1 });
});

test("retry applies the message once its cause is gone, then what waited", async () => {
  const { world, failures, command, consumer } = await halted();
  failures.clear();

  await consumer.consume([command("a", { kind: "retry", id: "d1", sequence: 2 })], unhurried);

  expect(await world.applied("a")).toEqual([1, 2, 3, 4]);
  expect(await world.head("a")).toMatchObject({ last: 4, status: "running", parked: [] });
});

test("retry of what still cannot be applied halts again, and everything stays parked", async () => {
  const { world, command, consumer } = await halted();

  const { report } = await consumer.consume(
    [command("a", { kind: "retry", id: "d1", sequence: 2 })],
    unhurried,
  );

  expect(report).toMatchObject({ decided: 1, halted: 1, resumed: 0 });
  const head = await world.head("a");
  expect(head).toMatchObject({ last: 1, status: "halted", halt: { sequence: 2 } });
  expect(head.parked.map(({ sequence }) => sequence)).toEqual([2, 3, 4]);
});

test("replace applies other data under the message's own id and sequence", async () => {
  const { world, failures, command, consumer } = await halted();
  failures.clear();
  const data = { step: 2, corrected: true };

  await consumer.consume(
    [command("a", { kind: "replace", id: "d1", sequence: 2, type: "test.corrected", data })],
    unhurried,
  );

  const applied = (await world.store.read("a")).flatMap(({ events }) => events);
  expect(applied.map(({ data: { id, corrected } }) => [id, corrected])).toEqual([
    ["a#1", undefined],
    ["a#2", true],
    ["a#3", undefined],
    ["a#4", undefined],
  ]);
});

test("skip also leaves out what never came, up to the first that did", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1)), deliver(envelope("a", 5))], unhurried);

  await consumer.consume([commands()("a", { kind: "skip", id: "d1", sequence: 4 })], unhurried);

  expect(await world.applied("a")).toEqual([1, 5]);
  expect(await world.head("a")).toMatchObject({ last: 5, skipped: [{ from: 2, to: 4 }] });
});

test("what was left out and comes after all is filed as out of order and not applied", async () => {
  const { world, deliver, command, consumer } = await halted();
  await consumer.consume([command("a", { kind: "skip", id: "d1", sequence: 2 })], unhurried);
  const late = envelope("a", 2);

  const first = await consumer.consume([deliver(late)], unhurried);
  const again = await consumer.consume([deliver(late)], unhurried);

  expect(first.notDurable).toEqual([]);
  expect(first.report).toMatchObject({ late: 1, violations: { "out-of-order": 1 } });
  expect(again.report).toMatchObject({ late: 1, violations: {}, writes: 0 });
  expect(await world.applied("a")).toEqual([1, 3, 4]);
});

test("a decision is on record with who, why, when, and what it left out", async () => {
  const { world, command, consumer } = await halted();

  await consumer.consume([command("a", { kind: "skip", id: "d1", sequence: 2 })], unhurried);

  expect(await decisionsOf(world)).toEqual([
    {
      kind: "decision",
      at: start,
      decision: {
        kind: "skip",
        id: "d1",
        stream: "a",
        sequence: 2,
        author: "ada",
        reason: "because",
      },
      skipped: { from: 2, to: 2 },
    },
  ]);
});

test("however often a decision is delivered, it is decided once", async () => {
  const { world, failures, command, consumer } = await halted();
  const skip = () => command("a", { kind: "skip", id: "d1", sequence: 2 });
  await consumer.consume([skip(), skip()], unhurried);
  failures.set("a#5", lasting);
  await consumer.consume([deliveries()(envelope("a", 5))], unhurried);

  const { notDurable } = await world.sandbox().consume([skip()], unhurried);

  expect(notDurable).toEqual([]);
  expect(await decisionsOf(world)).toHaveLength(1);
  expect(await world.head("a")).toMatchObject({ status: "halted", halt: { sequence: 5 } });
});

test.each([
  [{ kind: "retry", sequence: 3 }, "the stream is halted at sequence 2, not at 3"],
  [{ kind: "skip", sequence: 1 }, "sequence 1 neither halts the stream nor is it missing"],
  [{ kind: "skip", sequence: 3 }, "sequence 3 neither halts the stream nor is it missing"],
  [{ kind: "replace", sequence: 4, data: {} }, "the stream is halted at sequence 2, not at 4"],
  [{ kind: "rewind" }, "only a fold can be rewound: effects that were written stay written"],
] as const)("%j does not fit and is refused on record", async (about, why) => {
  const { world, command, consumer } = await halted();
  const before = await world.head("a");

  const { notDurable } = await consumer.consume([command("a", { id: "d1", ...about })], unhurried);

  expect(notDurable).toEqual([]);
  expect(await decisionsOf(world)).toMatchObject([{ refused: why, decision: { id: "d1" } }]);
  const { status, last, parked, halt } = before;
  expect(await world.head("a")).toMatchObject({ status, last, parked, halt });
});

test("a decision about a stream that runs is refused", async () => {
  const world = consumerWorld();
  const consumer = world.sandbox();
  await consumer.consume([deliveries()(envelope("a", 1))], unhurried);

  await consumer.consume([commands()("a", { kind: "retry", id: "d1", sequence: 1 })], unhurried);

  expect(await decisionsOf(world)).toMatchObject([{ refused: "the stream is running" }]);
});

test("a decision that came through another group is dead-lettered, not obeyed", async () => {
  const { world, command, consumer } = await halted();

  const { report } = await consumer.consume(
    [command("a", { kind: "skip", id: "d1", sequence: 2 }, "b")],
    unhurried,
  );

  expect(report).toMatchObject({ refused: 1 });
  expect(await world.head("a")).toMatchObject({ status: "halted", last: 1 });
  expect(world.deadLetters.buried.map(({ cause }) => cause)).toEqual([
    'partition-mismatch: a control message of group "a"',
  ]);
});

test("within a batch a decision has its turn where it came", async () => {
  const { world, deliver, command, consumer } = await halted();

  const { notDurable } = await consumer.consume(
    [
      deliver(envelope("a", 6)),
      command("a", { kind: "skip", id: "d1", sequence: 2 }),
      deliver(envelope("a", 5)),
    ],
    unhurried,
  );

  expect(notDurable).toEqual([]);
  expect(await world.applied("a")).toEqual([1, 3, 4, 5, 6]);
});

test("a message that failed in this batch and is then skipped does not go back", async () => {
  const { failures, refuse } = refusals();
  failures.set("a#1", new Failure("provider-unavailable", "retry", "away"));
  const world = consumerWorld({ refuse });
  const deliver = deliveries();

  const { notDurable, report } = await world
    .sandbox()
    .consume(
      [
        deliver(envelope("a", 1)),
        deliver(envelope("a", 2)),
        commands()("a", { kind: "skip", id: "d1", sequence: 1 }),
      ],
      unhurried,
    );

  expect(notDurable).toEqual([]);
  expect(report).toMatchObject({ late: 1, applied: 1, returned: 0 });
  expect(await world.applied("a")).toEqual([2]);
});

test("a drain that is cut off goes on where it stopped, whoever comes next", async () => {
  // One message fills a transaction, so that the drain takes several commits.
  const { world, command } = await halted({ bounds: { writesMax: 1 } });
  let commits = 0;
  const dying = {
    ...world.heads,
    commit: async (commit: Parameters<typeof world.heads.commit>[0]) => {
      commits += 1;
      if (commits === 2) throw new Failure("store-unavailable", "retry", "the sandbox is gone");
      return await world.heads.commit(commit);
    },
  };
  const skip = command("a", { kind: "skip", id: "d1", sequence: 2 });
  await world.sandbox({ heads: dying }).consume([skip], unhurried);
  const between = await world.head("a");

  await world.sandbox().consume([command("a", { kind: "tick", id: "t1" })], unhurried);

  expect(between).toMatchObject({ status: "draining" });
  expect(between.last).toBeLessThan(4);
  expect(await world.applied("a")).toEqual([1, 3, 4]);
  expect(await world.head("a")).toMatchObject({ status: "running", last: 4, parked: [] });
});
