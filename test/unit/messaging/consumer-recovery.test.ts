// What is done about each other kind of violation is configuration.
import { expect, test } from "vitest";
import type { RecoveryPolicies } from "#messaging";
import {
  commands,
  consumerWorld,
  deliveries,
  envelope,
  lasting,
  passing,
  refusals,
  start,
  unhurried,
} from "../../support/consumer-world.ts";
import { decideOnInnocent } from "../../support/innocent-decisions.ts";

const strict = { severity: "critical", recovery: { kind: "strict-halt" } } as const;
const mild = { severity: "warning", recovery: { kind: "skip-and-continue" } } as const;

const rival = () => envelope("a", 1, { id: "another" });

async function after(recovery: Partial<RecoveryPolicies>, closesAt?: number) {
  const world = consumerWorld({ recovery, ...(closesAt !== undefined && { closesAt }) });
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1))], unhurried);
  return { world, deliver, consumer };
}

test("a conflict with strict-halt dead-letters the rival and halts its stream", async () => {
  const { world, deliver, consumer } = await after({ "sequence-conflict": strict });

  const { notDurable } = await consumer.consume([deliver(rival())], unhurried);
  await consumer.consume([deliver(envelope("a", 2))], unhurried);

  expect(notDurable).toEqual([]);
  expect(world.deadLetters.buried).toHaveLength(1);
  expect(await world.head("a")).toMatchObject({
    status: "halted",
    last: 1,
    halt: { sequence: 2, code: "sequence-conflict", messageId: "another" },
  });
  expect(await world.applied("a")).toEqual([1]);
});

test("a stream that a rival halted goes on by retry, not by skip or replace", async () => {
  const { world, deliver, consumer } = await after({ "sequence-conflict": strict });
  const command = commands();
  await consumer.consume([deliver(rival())], unhurried);

  await consumer.consume(
    [
      command("a", { kind: "skip", id: "d1", sequence: 2 }),
      command("a", { kind: "replace", id: "d2", sequence: 2, data: {} }),
      command("a", { kind: "retry", id: "d3", sequence: 2 }),
      deliver(envelope("a", 2)),
    ],
    unhurried,
  );

  const decisions = (await world.audit("a")).filter(({ kind }) => kind === "decision");
  expect(decisions).toMatchObject([
    { refused: "sequence 2 is not here: wait until it comes, or retry" },
    { refused: "sequence 2 is missing: resend it, or skip it" },
    { decision: { id: "d3" } },
  ]);
  expect(await world.applied("a")).toEqual([1, 2]);
});

test("nor once the true one has come: it is not what halted its stream", async () => {
  const { world, deliver, consumer } = await after({ "sequence-conflict": strict });
  await consumer.consume([deliver(rival()), deliver(envelope("a", 2))], unhurried);

  const decided = await decideOnInnocent(world, consumer, 2);

  const why = "sequence 2 has come since, and is not what halted the stream: retry";
  expect(decided).toEqual([why, why, "retry"]);
  expect(await world.applied("a")).toEqual([1, 2]);
});

test("a rival that comes again neither files nor halts again", async () => {
  const { world, deliver, consumer } = await after({ "sequence-conflict": strict });
  await consumer.consume([deliver(rival())], unhurried);
  await consumer.consume([commands()("a", { kind: "retry", id: "d1", sequence: 2 })], unhurried);

  const { report } = await consumer.consume([deliver(rival())], unhurried);

  expect(report).toMatchObject({ refused: 1, violations: {}, halted: 0, writes: 0 });
  expect(await world.head("a")).toMatchObject({ status: "running" });
});

test("what failed does not come again where its copy is parked behind the halt", async () => {
  const { failures, refuse } = refusals();
  failures.set("a#2", passing);
  const world = consumerWorld({ refuse, recovery: { "sequence-conflict": strict } });
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1))], unhurried);
  const tick = commands()("a", { kind: "tick", id: "t1" });

  const { notDurable, report } = await consumer.consume(
    [deliver(envelope("a", 2)), tick, deliver(rival()), deliver(envelope("a", 2))],
    unhurried,
  );

  expect(notDurable).toEqual([]);
  expect(report).toMatchObject({ duplicates: 1, parkedBehindHalt: 1, refused: 1, returned: 0 });
  expect((await world.head("a")).parked.map(({ sequence }) => sequence)).toEqual([2]);
});

test("a stream that is halted already is not halted by a rival", async () => {
  const { failures, refuse } = refusals();
  failures.set("a#2", lasting);
  const world = consumerWorld({ refuse, recovery: { "sequence-conflict": strict } });
  const deliver = deliveries();
  await world.sandbox().consume([deliver(envelope("a", 1)), deliver(envelope("a", 2))], unhurried);

  await world.sandbox().consume([deliver(rival())], unhurried);

  expect(await world.head("a")).toMatchObject({
    halt: { messageId: "a#2" },
    violations: [{ kind: "sequence-conflict" }],
  });
});

test("a straggler halts a closed stream where that is set", async () => {
  const { world, deliver, consumer } = await after({ unknown: strict }, 1);

  await consumer.consume([deliver(envelope("a", 2))], unhurried);

  expect(await world.head("a")).toMatchObject({ status: "halted", halt: { code: "unknown" } });
});

test("a late arrival has the severity that is set, and never a halt", async () => {
  const { world, deliver, consumer } = await after({ "out-of-order": { severity: "critical" } });
  await consumer.consume(
    [deliver(envelope("a", 3)), commands()("a", { kind: "skip", id: "d1", sequence: 2 })],
    unhurried,
  );

  await consumer.consume([deliver(envelope("a", 2))], unhurried);

  expect(await world.head("a")).toMatchObject({
    status: "running",
    violations: [{ kind: "out-of-order", severity: "critical", sequence: 2 }],
  });
});

test("a rival that could not be buried stays one when its sequence is left out", async () => {
  const { failures, refuse } = refusals();
  failures.set("a#1", lasting);
  const world = consumerWorld({ refuse });
  const deliver = deliveries();
  await world.sandbox().consume([deliver(envelope("a", 1))], unhurried);
  const deadLetters = { bury: () => Promise.reject(new Error("no queue")) };
  const late = deliver(rival());
  const first = await world.sandbox({ deadLetters }).consume([late], unhurried);

  const { report } = await world
    .sandbox()
    .consume([commands()("a", { kind: "skip", id: "d1", sequence: 1 }), late], unhurried);

  expect(first.notDurable).toEqual([late.receiptId]);
  expect(report).toMatchObject({ refused: 1, late: 0, violations: {} });
  expect(world.deadLetters.buried.map(({ cause }) => cause)).toEqual([
    expect.stringContaining("sequence-conflict: sequence 1 is held by a message with hash"),
  ]);
});

test("with skip-and-continue only the rival is refused, as severe as is set", async () => {
  const { world, deliver, consumer } = await after({ "sequence-conflict": mild });

  await consumer.consume([deliver(rival()), deliver(envelope("a", 2))], unhurried);

  expect(await world.applied("a")).toEqual([1, 2]);
  expect((await world.head("a")).violations).toMatchObject([
    { kind: "sequence-conflict", severity: "warning" },
  ]);
});

test("a message through a wrong partition halts its stream where that is set", async () => {
  const { world, deliver, consumer } = await after({ "partition-mismatch": strict });

  await consumer.consume([deliver(envelope("a", 2), "b")], unhurried);

  expect(await world.head("a")).toMatchObject({
    status: "halted",
    halt: { code: "partition-mismatch" },
  });
});

test("an anomaly with strict-halt halts before the message, which is parked", async () => {
  const world = consumerWorld({ recovery: { "timestamp-anomaly": strict }, startedAt: start });
  const early = new Date(start - 1).toISOString();

  await world.sandbox().consume([deliveries()(envelope("a", 1, { time: early }))], unhurried);

  const head = await world.head("a");
  expect(head).toMatchObject({ status: "halted", last: 0, halt: { code: "conflict" } });
  expect(head.parked.map(({ sequence }) => sequence)).toEqual([1]);
  expect(head.violations).toMatchObject([{ kind: "timestamp-anomaly", severity: "critical" }]);
});

test("a message after its stream was closed is filed once, buried each time", async () => {
  const { world, deliver, consumer } = await after({}, 1);
  const straggler = envelope("a", 2);

  const first = await consumer.consume([deliver(straggler)], unhurried);
  const again = await world.sandbox().consume([deliver(straggler)], unhurried);

  expect(first.report).toMatchObject({ refused: 1, violations: { unknown: 1 } });
  expect(again.report).toMatchObject({ refused: 1, violations: {} });
  expect(again.notDurable).toEqual([]);
  expect(await world.applied("a")).toEqual([1]);
});

test("a closed stream shrinks to its mark and still knows what was applied", async () => {
  const { world, deliver, consumer } = await after({}, 2);
  await consumer.consume([deliver(envelope("a", 2))], unhurried);

  const { report } = await world.sandbox().consume([deliver(envelope("a", 2))], unhurried);

  expect(await world.head("a")).toMatchObject({ closed: true, last: 2, recent: [], parked: [] });
  expect(report).toMatchObject({ duplicates: 1, writes: 0 });
});

test("a stream is closed only by its handler's word, in the commit of that message", async () => {
  const world = consumerWorld({ closesAt: 2 });
  const deliver = deliveries();

  const { report } = await world.sandbox().consume(
    [1, 2].map((sequence) => deliver(envelope("a", sequence))),
    unhurried,
  );

  expect(report).toMatchObject({ applied: 2, writes: 1 });
  expect((await world.head("a")).closed).toBe(true);
});
