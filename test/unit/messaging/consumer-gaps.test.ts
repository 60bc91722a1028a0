// What becomes of a message that is missing for too long, as the consumer is configured.
import { expect, test } from "vitest";
import { Failure } from "#kernel/failure";
import { type DurationMs, later, milliseconds } from "#kernel/units";
import type { GapRecovery, RecoveryPolicies, SequenceRange } from "#messaging";
import {
  commands,
  consumerWorld,
  deliveries,
  envelope,
  start,
  unhurried,
  type WorldOptions,
} from "../../support/consumer-world.ts";
import { decideOnInnocent } from "../../support/innocent-decisions.ts";

const DEADLINE = milliseconds(300_000);
const RETRY = milliseconds(60_000);

const gap = (recovery: GapRecovery): Partial<RecoveryPolicies> => ({
  gap: { severity: "critical", recovery },
});

const trying = (kind: "wait-and-retry" | "request-redelivery", triesMax: number): GapRecovery => ({
  kind,
  deadlineMs: RETRY,
  triesMax,
});

/** 1 is applied, 2 and 3 are missing, 4 waits. */
async function waiting(options: WorldOptions) {
  const world = consumerWorld({ settings: { gapDeadlineMs: DEADLINE }, ...options });
  const deliver = deliveries();
  const command = commands();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1)), deliver(envelope("a", 4))], unhurried);
  let ticks = 0;
  const tickAfter = async (pause: DurationMs) => {
    world.clock.at = later(world.clock.at, pause);
    ticks += 1;
    return await consumer.consume([command("a", { kind: "tick", id: `t${ticks}` })], unhurried);
  };
  return { world, deliver, consumer, tickAfter };
}

test("before its deadline nothing happens; a tick then costs no write", async () => {
  const { world, tickAfter } = await waiting({ recovery: gap({ kind: "strict-halt" }) });

  const { report } = await tickAfter(milliseconds(DEADLINE - 1));

  expect(report).toMatchObject({ decided: 1, writes: 0, violations: {} });
  expect(await world.head("a")).toMatchObject({ status: "running", dueAt: later(start, DEADLINE) });
});

test("at its deadline a gap is filed once, with what is missing", async () => {
  const { world, tickAfter } = await waiting({ recovery: gap(trying("wait-and-retry", 3)) });

  const first = await tickAfter(DEADLINE);
  const second = await tickAfter(RETRY);

  expect(first.report.violations).toEqual({ gap: 1 });
  expect(second.report.violations).toEqual({});
  expect((await world.head("a")).violations).toHaveLength(1);
  const filed = (await world.audit("a")).filter(({ kind }) => kind === "violation");
  expect(filed).toMatchObject([
    {
      violation: {
        kind: "gap",
        severity: "critical",
        sequence: 2,
        expected: "sequences 2 to 3",
        actual: "sequence 4 waits for it since before the deadline",
      },
    },
  ]);
});

test("wait-and-retry waits so often, each time a deadline long, then halts", async () => {
  const { world, tickAfter } = await waiting({ recovery: gap(trying("wait-and-retry", 2)) });

  await tickAfter(DEADLINE);
  const afterFirst = await world.head("a");
  await tickAfter(RETRY);
  const afterSecond = await world.head("a");
  const { report } = await tickAfter(RETRY);

  expect(afterFirst).toMatchObject({ gap: { sequence: 2, tries: 1 }, status: "running" });
  expect(afterFirst.dueAt).toBe(later(later(start, DEADLINE), RETRY));
  expect(afterSecond).toMatchObject({ gap: { sequence: 2, tries: 2 }, status: "running" });
  expect(report).toMatchObject({ halted: 1 });
  expect(await world.head("a")).toMatchObject({
    status: "halted",
    halt: {
      sequence: 2,
      code: "gap",
      message: "sequences 2 to 3 is missing after 2 tries of wait-and-retry",
    },
  });
});

test("after a retry by an operator a gap has all its tries again", async () => {
  const { world, consumer, tickAfter } = await waiting({
    recovery: gap(trying("wait-and-retry", 1)),
  });
  await tickAfter(DEADLINE);
  await tickAfter(RETRY);
  const used = await world.head("a");

  await consumer.consume([commands()("a", { kind: "retry", id: "d1", sequence: 2 })], unhurried);
  await tickAfter(RETRY);
  const again = await world.head("a");
  await tickAfter(RETRY);

  expect(used.status).toBe("halted");
  expect(again).toMatchObject({ status: "running", gap: { sequence: 2, tries: 1 } });
  expect(again.violations).toHaveLength(1);
  expect((await world.head("a")).status).toBe("halted");
});

test("strict-halt halts at the deadline; what was missing heals it after a retry", async () => {
  const { world, deliver, consumer, tickAfter } = await waiting({
    recovery: gap({ kind: "strict-halt" }),
  });
  await tickAfter(DEADLINE);
  const halted = await world.head("a");
  await consumer.consume([deliver(envelope("a", 2)), deliver(envelope("a", 3))], unhurried);

  await consumer.consume([commands()("a", { kind: "retry", id: "d1", sequence: 2 })], unhurried);

  expect(halted).toMatchObject({ status: "halted", halt: { sequence: 2 } });
  expect(await world.applied("a")).toEqual([1, 2, 3, 4]);
});

test("what was missing and has come is no cause: it is neither skipped nor replaced", async () => {
  const { world, deliver, consumer, tickAfter } = await waiting({
    recovery: gap({ kind: "strict-halt" }),
  });
  await tickAfter(DEADLINE);
  await consumer.consume([deliver(envelope("a", 2)), deliver(envelope("a", 3))], unhurried);

  const decided = await decideOnInnocent(world, consumer, 2);

  const why = "sequence 2 has come since, and is not what halted the stream: retry";
  expect(decided).toEqual([why, why, "retry"]);
  expect(await world.applied("a")).toEqual([1, 2, 3, 4]);
});

test("skip-and-continue leaves the missing ones out, on record, and goes on", async () => {
  const { world, tickAfter } = await waiting({ recovery: gap({ kind: "skip-and-continue" }) });

  const { report } = await tickAfter(DEADLINE);

  expect(report).toMatchObject({ skipped: 2, released: 1, violations: { gap: 1 } });
  expect(await world.applied("a")).toEqual([1, 4]);
  expect(await world.audit("a")).toMatchObject([
    { kind: "violation" },
    { kind: "gap-skipped", skipped: { from: 2, to: 3 } },
  ]);
});

test("failsafe files the gap and parks on, without another deadline", async () => {
  const { world, deliver, consumer, tickAfter } = await waiting({
    recovery: gap({ kind: "failsafe" }),
  });

  await tickAfter(DEADLINE);
  const after = await world.head("a");
  await consumer.consume([deliver(envelope("a", 3)), deliver(envelope("a", 2))], unhurried);

  expect(after).toMatchObject({ status: "running", gap: { sequence: 2 } });
  expect(after.dueAt).toBeUndefined();
  expect(await world.applied("a")).toEqual([1, 2, 3, 4]);
  expect((await world.head("a")).gap).toBeUndefined();
});

function askedOf(answer: () => Promise<void> = async () => undefined) {
  const asked: (readonly [string, SequenceRange])[] = [];
  const redelivery = {
    request: (stream: string, missing: SequenceRange) => {
      asked.push([stream, missing]);
      return answer();
    },
  };
  return { asked, redelivery };
}

test("request-redelivery asks for exactly the missing range, so often, then halts", async () => {
  const { asked, redelivery } = askedOf();
  const recovery = gap(trying("request-redelivery", 2));
  const { world, tickAfter } = await waiting({ recovery, redelivery });

  await tickAfter(DEADLINE);
  await tickAfter(RETRY);
  await tickAfter(RETRY);

  expect(asked).toEqual([
    ["a", { from: 2, to: 3 }],
    ["a", { from: 2, to: 3 }],
  ]);
  expect(await world.head("a")).toMatchObject({ status: "halted" });
});

test("what is redelivered is applied with what waited for it", async () => {
  const { asked, redelivery } = askedOf();
  const recovery = gap(trying("request-redelivery", 2));
  const { world, deliver, consumer, tickAfter } = await waiting({ recovery, redelivery });
  await tickAfter(DEADLINE);

  await consumer.consume([deliver(envelope("a", 2)), deliver(envelope("a", 3))], unhurried);
  const { report } = await tickAfter(RETRY);

  expect(asked).toHaveLength(1);
  expect(report).toMatchObject({ writes: 0 });
  expect(await world.applied("a")).toEqual([1, 2, 3, 4]);
  expect((await world.head("a")).dueAt).toBeUndefined();
});

test("a request that fails is told and made again at the next deadline", async () => {
  const { asked, redelivery } = askedOf(() =>
    Promise.reject(new Failure("store-unavailable", "retry", "the producer is away")),
  );
  const recovery = gap(trying("request-redelivery", 2));
  const { world, tickAfter } = await waiting({ recovery, redelivery });

  const { notDurable } = await tickAfter(DEADLINE);
  await tickAfter(RETRY);

  expect(notDurable).toEqual([]);
  expect(asked).toHaveLength(2);
  expect(world.events.filter(({ kind }) => kind === "redelivery-failed")).toHaveLength(2);
});

test("a gap that follows another has its own deadline and its own tries", async () => {
  const { world, deliver, consumer, tickAfter } = await waiting({
    recovery: gap(trying("wait-and-retry", 1)),
  });
  await tickAfter(DEADLINE);

  await consumer.consume(
    [2, 3, 7].map((sequence) => deliver(envelope("a", sequence))),
    unhurried,
  );

  const head = await world.head("a");
  expect(head).toMatchObject({ last: 4, dueAt: later(world.clock.at, DEADLINE) });
  expect(head.gap).toBeUndefined();
});

test("redelivery cannot be asked for where nobody answers: it is found when it is built", () => {
  const world = consumerWorld({ recovery: gap(trying("request-redelivery", 1)) });

  expect(() => world.sandbox()).toThrow(/no producer's store answers\. Give the consumer/);
});

test.each([0, 101, 1.5])("%s tries are refused with the range", (triesMax) => {
  const world = consumerWorld({ recovery: gap(trying("wait-and-retry", triesMax)) });

  expect(() => world.sandbox()).toThrow(
    `triesMax must be an integer from 1 to 100; received ${triesMax}`,
  );
});
