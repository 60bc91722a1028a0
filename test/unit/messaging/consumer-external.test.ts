// Calling somebody else: claimed before, settled after, and with one key however often.
import { expect, test } from "vitest";
import { Failure } from "#kernel/failure";
import { later, milliseconds } from "#kernel/units";
import { auditNext, auditStart, type HeadStore, type Message } from "#messaging";
import {
  commands,
  deliveries,
  envelope,
  lasting,
  passing,
  receipts,
  unhurried,
} from "../../support/consumer-world.ts";
import { deadClaimant, externalWorld, LEASE } from "../../support/external-world.ts";

const fails =
  (failure: Failure, forId: string) =>
  async ({ id }: Message): Promise<void> => {
    if (id === forId) throw failure;
  };

test("n messages cost n + 1 writes: each commit settles one call and claims the next", async () => {
  const world = externalWorld();
  const deliver = deliveries();
  const batch = [1, 2, 3].map((sequence) => deliver(envelope("a", sequence)));

  const { notDurable, report } = await world.sandbox().consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toMatchObject({ applied: 3, writes: 4, reads: 1 });
  expect(world.calls).toEqual([
    { id: "a#1", key: "a:1", attempt: 1 },
    { id: "a#2", key: "a:2", attempt: 1 },
    { id: "a#3", key: "a:3", attempt: 1 },
  ]);
  const head = await world.head("a");
  expect(head).toMatchObject({ last: 3, status: "running" });
  expect([head.claim, head.called]).toEqual([undefined, undefined]);
});

test("while it calls, the head is claimed: another consumer neither calls nor writes", async () => {
  const world = externalWorld();
  const deliver = deliveries();
  const rivals: unknown[] = [];
  world.answers(async () => {
    if (world.calls.length > 1) return;
    const mine = [deliver(envelope("a", 1)), deliver(envelope("a", 2))];
    const { notDurable, report } = await world.sandbox().consume(mine, unhurried);
    rivals.push(notDurable.length, report.writes);
  });

  const { report } = await world.sandbox().consume([deliver(envelope("a", 1))], unhurried);

  expect(rivals).toEqual([2, 0]);
  expect(world.calls).toHaveLength(1);
  expect(report).toMatchObject({ applied: 1, writes: 2 });
});

test("what the claimed head already has is no reason to come again", async () => {
  const world = externalWorld();
  const deliver = deliveries();
  await world.sandbox().consume([deliver(envelope("a", 1))], unhurried);
  const answered: (readonly string[])[] = [];
  world.answers(async () => {
    const known = deliver(envelope("a", 1));
    const fresh = deliver(envelope("a", 3));
    const { notDurable } = await world.sandbox().consume([known, fresh], unhurried);
    answered.push(notDurable);
    expect(notDurable).toEqual(receipts([fresh]));
  });

  await world.sandbox().consume([deliver(envelope("a", 2))], unhurried);

  expect(answered).toHaveLength(1);
});

test("when a claim's lease has ended the call is made again, with the same key", async () => {
  const world = externalWorld();
  await deadClaimant(world);
  const again = deliveries()(envelope("a", 1));

  world.clock.at = later(world.clock.at, milliseconds(LEASE - 1));
  const within = await world.sandbox().consume([again], unhurried);
  world.clock.at = later(world.clock.at, milliseconds(1));
  const afterwards = await world.sandbox().consume([again], unhurried);

  expect(within.notDurable).toEqual(receipts([again]));
  expect(afterwards.notDurable).toEqual([]);
  expect(world.calls.map(({ key }) => key)).toEqual(["a:1", "a:1"]);
  expect(await world.head("a")).toMatchObject({ last: 1 });
});

test("what was called for owns its sequence: a later rival is a conflict", async () => {
  const world = externalWorld();
  await deadClaimant(world);
  world.clock.at = later(world.clock.at, LEASE);
  const deliver = deliveries();

  const { report } = await world
    .sandbox()
    .consume([deliver(envelope("a", 1, { id: "rival" }))], unhurried);
  await world.sandbox().consume([deliver(envelope("a", 1))], unhurried);

  expect(report).toMatchObject({ refused: 1, violations: { "sequence-conflict": 1 } });
  expect(world.calls.map(({ id }) => id)).toEqual(["a#1", "a#1"]);
  expect(await world.head("a")).toMatchObject({ last: 1, status: "running" });
});

test("it owns it after a failed attempt too: the failure may have been a lost answer", async () => {
  const world = externalWorld();
  world.answers(fails(passing, "a#1"));
  const deliver = deliveries();
  await world.sandbox().consume([deliver(envelope("a", 1))], unhurried);

  const { report } = await world
    .sandbox()
    .consume([deliver(envelope("a", 1, { id: "rival" }))], unhurried);

  expect(report).toMatchObject({ refused: 1 });
  expect(world.calls).toHaveLength(1);
});

test("a call that fails for a passing cause is made again as the next attempt", async () => {
  const world = externalWorld();
  world.answers(fails(passing, "a#2"));
  const deliver = deliveries();
  const second = deliver(envelope("a", 2));

  const { notDurable } = await world
    .sandbox()
    .consume([deliver(envelope("a", 1)), second], unhurried);
  const failed = await world.head("a");
  world.answers(async () => undefined);
  await world.sandbox().consume([second], unhurried);

  expect(notDurable).toEqual(receipts([second]));
  expect(failed).toMatchObject({ last: 1, attempts: 1, status: "running" });
  expect(failed.claim).toBeUndefined();
  expect(world.calls.map(({ id, attempt }) => [id, attempt])).toEqual([
    ["a#1", 1],
    ["a#2", 1],
    ["a#2", 2],
  ]);
});

test("a call that can never succeed halts the stream and leaves no claim", async () => {
  const world = externalWorld();
  world.answers(fails(lasting, "a#1"));
  const deliver = deliveries();

  await world.sandbox().consume([deliver(envelope("a", 1)), deliver(envelope("a", 2))], unhurried);

  const head = await world.head("a");
  expect(head).toMatchObject({ status: "halted", halt: { sequence: 1, code: lasting.code } });
  expect(head.claim).toBeUndefined();
  expect(world.calls).toHaveLength(1);
});

test("so many failed attempts halt the stream", async () => {
  const world = externalWorld({ attemptsMax: 2 });
  world.answers(fails(passing, "a#1"));
  const message = deliveries()(envelope("a", 1));

  await world.sandbox().consume([message], unhurried);
  await world.sandbox().consume([message], unhurried);

  expect(await world.head("a")).toMatchObject({ status: "halted" });
  expect(world.calls).toHaveLength(2);
});

test("after a decision what waited is called for in order", async () => {
  const world = externalWorld();
  world.answers(fails(lasting, "a#1"));
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume(
    [1, 2, 3].map((sequence) => deliver(envelope("a", sequence))),
    unhurried,
  );

  await consumer.consume([commands()("a", { kind: "skip", id: "d1", sequence: 1 })], unhurried);

  expect(world.calls.map(({ id }) => id)).toEqual(["a#1", "a#2", "a#3"]);
  expect(await world.head("a")).toMatchObject({ last: 3, status: "running" });
});

test("what was replaced beside the head is called for as it was replaced", async () => {
  const world = externalWorld({ parkedBytesMax: 0 });
  const called: unknown[] = [];
  world.answers(async ({ data }) => {
    called.push(data);
    if (data["mended"] === undefined) throw lasting;
  });
  const consumer = world.sandbox();
  const sent = envelope("a", 1);
  await consumer.consume([deliveries()(sent)], unhurried);
  const data = { mended: true };

  await consumer.consume(
    [commands()("a", { kind: "replace", id: "d1", sequence: 1, data })],
    unhurried,
  );

  expect(called).toEqual([sent.data, data]);
  const applied = { id: sent.id, source: sent.source, type: sent.type, stream: "a", sequence: 1 };
  const head = await world.head("a");
  expect(head.audit).toBe(auditNext(auditStart("a"), { ...applied, data }));
});

test("with the deadline near no call is begun", async () => {
  const world = externalWorld();
  const message = deliveries()(envelope("a", 1));
  let looks = 0;
  // Enough for the reading and the claim, not for the call.
  const closing = { remainingMs: () => ((looks += 1) > 2 ? 0 : 60_000) };

  const { notDurable } = await world.sandbox().consume([message], closing);

  expect(notDurable).toEqual(receipts([message]));
  expect(world.calls).toEqual([]);
});

test("the claim that a dead run left is no obstacle to the run that made it", async () => {
  const world = externalWorld();
  const deliver = deliveries();
  let lost = true;
  const forgetful: HeadStore = {
    ...world.heads,
    commit: async (commit) => {
      const answer = await world.heads.commit(commit);
      if (!lost) return answer;
      lost = false;
      throw new Failure("outcome-unknown", "retry", "the answer was lost");
    },
  };

  const { notDurable } = await world
    .sandbox({ heads: forgetful })
    .consume([deliver(envelope("a", 1))], unhurried);

  expect(notDurable).toEqual([]);
  expect(world.calls).toHaveLength(1);
});
