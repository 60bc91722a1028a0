// A fold begins anew: it forgets its state and its position, and nothing that waits for them.
import { expect, test } from "vitest";
import { memoryDeadLetters } from "#adapters/memory/dead-letters";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryAuditLog, memoryHeadStore } from "#adapters/memory/head-store";
import { later, milliseconds } from "#kernel/units";
import {
  decode,
  encode,
  type Envelope,
  type FoldHandler,
  type HeadStore,
  type Message,
  orderedConsumer,
  type RecoveryPolicies,
  type StartAt,
  verifyAudit,
} from "#messaging";
import {
  commands,
  deliveries,
  envelope,
  lasting,
  passing,
  receipts,
  standingClock,
  unhurried,
} from "../../support/consumer-world.ts";

const GAP_DEADLINE = milliseconds(300_000);

/** Its state is what it has applied. */
function foldWorld(startAt: StartAt = "first", recovery: Partial<RecoveryPolicies> = {}) {
  const store = memoryEventStore();
  const heads = memoryHeadStore(store) as unknown as HeadStore;
  const failures = new Map<number, Error>();
  const handler: FoldHandler<readonly (number | string)[]> = {
    kind: "fold",
    initial: [],
    evolve(state, { sequence, data }) {
      const failure = failures.get(sequence);
      if (failure !== undefined && data["other"] === undefined) throw failure;
      return [...state, typeof data["other"] === "string" ? data["other"] : sequence];
    },
  };
  let ids = 0;
  const clock = standingClock();
  const consumer = orderedConsumer({
    handler,
    heads,
    deadLetters: memoryDeadLetters(),
    clock,
    newId: () => `id-${(ids += 1)}`,
    startAt,
    recovery,
    settings: { gapDeadlineMs: GAP_DEADLINE },
  });
  const head = async () => {
    const found = await heads.read("a");
    if (found === undefined) throw new Error("no head");
    return found;
  };
  return {
    clock,
    consumer,
    failures,
    head,
    records: () => memoryAuditLog(store).records("a", 100),
    deliver: deliveries(),
    command: commands(),
  };
}

const rewind = { kind: "rewind", id: "r1" } as const;

const messageOf = (sent: Envelope): Message => {
  const decoded = decode(encode(sent));
  if (decoded.kind !== "message") throw new Error("no message");
  return decoded.message;
};

const log = [1, 2, 3].map((sequence) => messageOf(envelope("a", sequence)));

test("the stream is applied again from its beginning; its version only rises", async () => {
  const { consumer, deliver, command, head } = foldWorld();
  const batch = () => [1, 2].map((sequence) => deliver(envelope("a", sequence)));
  await consumer.consume(batch(), unhurried);
  const before = await head();

  await consumer.consume([command("a", rewind)], unhurried);
  const rewound = await head();
  const { report } = await consumer.consume(batch(), unhurried);

  expect(rewound).toMatchObject({ last: 0, version: before.version + 1, recent: [] });
  expect(rewound.state).toBeUndefined();
  expect(report).toMatchObject({ applied: 2, duplicates: 0 });
  expect(await head()).toMatchObject({ last: 2, state: [1, 2] });
});

test("what waits parked stays, and follows when its predecessors have come again", async () => {
  const { consumer, failures, deliver, command, head } = foldWorld();
  failures.set(2, lasting);
  await consumer.consume(
    [1, 2, 3].map((sequence) => deliver(envelope("a", sequence))),
    unhurried,
  );
  failures.clear();

  await consumer.consume([command("a", rewind), deliver(envelope("a", 1))], unhurried);

  expect(await head()).toMatchObject({ last: 3, status: "running", state: [1, 2, 3], parked: [] });
  expect((await head()).halt).toBeUndefined();
});

test("a closed, or skipped, past is forgotten; where the stream was begun is not", async () => {
  const { consumer, deliver, command, head } = foldWorld(5);
  await consumer.consume([deliver(envelope("a", 5)), deliver(envelope("a", 7))], unhurried);
  await consumer.consume([command("a", { kind: "skip", id: "s", sequence: 6 })], unhurried);

  await consumer.consume([command("a", rewind)], unhurried);

  expect(await head()).toMatchObject({ last: 4, startedAfter: 4, skipped: [], parked: [] });
});

test("what failed at the old position does not hold up what comes again", async () => {
  const { consumer, failures, deliver, command, head } = foldWorld();
  await consumer.consume([deliver(envelope("a", 1))], unhurried);
  failures.set(2, passing);
  const failing = deliver(envelope("a", 2));

  const { notDurable } = await consumer.consume(
    [failing, command("a", rewind), deliver(envelope("a", 1))],
    unhurried,
  );

  expect(notDurable).toEqual(receipts([failing]));
  expect(await head()).toMatchObject({ last: 1, state: [1] });
});

test("what is missing after it has a deadline of its own, though it was overdue", async () => {
  const left: Partial<RecoveryPolicies> = {
    gap: { severity: "warning", recovery: { kind: "skip-and-continue" } },
  };
  const { clock, consumer, deliver, command, head } = foldWorld(4, left);
  await consumer.consume([deliver(envelope("a", 5))], unhurried);
  clock.at = later(clock.at, GAP_DEADLINE);
  const tick = (id: string) => command("a", { kind: "tick", id });

  // 4 is left out and 5 applied; then both are wanted again, before 8 may follow.
  await consumer.consume(
    [deliver(envelope("a", 8)), tick("t1"), command("a", rewind), tick("t2")],
    unhurried,
  );
  const rewound = await head();
  const again = [4, 5, 6, 7].map((sequence) => deliver(envelope("a", sequence)));
  await consumer.consume(again, unhurried);

  expect(rewound).toMatchObject({ last: 3, dueAt: later(clock.at, GAP_DEADLINE) });
  expect(await head()).toMatchObject({ last: 8, state: [4, 5, 6, 7, 8], skipped: [] });
});

test("delivered twice it rewinds once", async () => {
  const { consumer, deliver, command, head } = foldWorld();
  await consumer.consume([command("a", rewind), deliver(envelope("a", 1))], unhurried);

  await consumer.consume([command("a", rewind)], unhurried);

  expect(await head()).toMatchObject({ last: 1, state: [1] });
});

test("what was decided or filed before it is neither decided nor filed again", async () => {
  const { consumer, deliver, command, records } = foldWorld();
  const skip = command("a", { kind: "skip", id: "s", sequence: 1 });
  const stray = deliver(envelope("a", 1), "b");
  await consumer.consume([deliver(envelope("a", 2)), stray, skip], unhurried);

  await consumer.consume([command("a", rewind)], unhurried);
  await consumer.consume([skip, stray], unhurried);

  const kinds = (await records()).map(({ record }) =>
    record.kind === "decision" ? record.decision.kind : record.kind,
  );
  expect(kinds).toEqual(["violation", "skip", "rewind"]);
});

test("its record says who, why and from where", async () => {
  const { consumer, deliver, command, records } = foldWorld();
  await consumer.consume([deliver(envelope("a", 1))], unhurried);

  await consumer.consume([command("a", rewind)], unhurried);

  expect((await records()).map(({ record }) => record)).toMatchObject([
    { kind: "decision", decision: { author: "ada", reason: "because" }, rewoundFrom: 1 },
  ]);
});

test("the proof begins anew with it: of decisions only those count that still hold", async () => {
  const { consumer, failures, deliver, command, head, records } = foldWorld();
  failures.set(2, lasting);
  const batch = () => [1, 2, 3].map((sequence) => deliver(envelope("a", sequence)));
  await consumer.consume(batch(), unhurried);
  const other = { kind: "replace", sequence: 2, data: { other: "two" } } as const;
  await consumer.consume([command("a", { ...other, id: "x" })], unhurried);
  failures.clear();
  const proof = async () => verifyAudit({ head: await head(), records: await records(), log }).kind;
  const replaced = [(await head()).state, await proof()];

  await consumer.consume([command("a", rewind)], unhurried);
  await consumer.consume(batch(), unhurried);

  expect(replaced).toEqual([[1, "two", 3], "verified"]);
  expect([(await head()).state, await proof()]).toEqual([[1, 2, 3], "verified"]);
});

test("what was replaced and still waits is applied as it was replaced, and proven so", async () => {
  const { consumer, failures, deliver, command, head, records } = foldWorld();
  for (const sequence of [2, 3]) failures.set(sequence, lasting);
  const batch = () => [1, 2, 3].map((sequence) => deliver(envelope("a", sequence)));
  await consumer.consume(batch(), unhurried);
  await consumer.consume([command("a", { kind: "skip", id: "s", sequence: 2 })], unhurried);
  // In vain: the fold does not take it without the field that it looks for.
  const inVain = { kind: "replace", id: "x", sequence: 3, data: { step: "third" } } as const;
  await consumer.consume([command("a", inVain)], unhurried);
  failures.clear();

  await consumer.consume([command("a", rewind), ...batch()], unhurried);

  expect(await head()).toMatchObject({ last: 3, state: [1, 2, 3], status: "running" });
  const evidence = { head: await head(), records: await records() };
  expect(verifyAudit({ ...evidence, log }).kind).toBe("verified");
});
