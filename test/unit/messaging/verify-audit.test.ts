// The chain in a head against the producer's log: what was applied, left out and replaced.
import { expect, test } from "vitest";
import { memoryAuditLog } from "#adapters/memory/head-store";
import { later, milliseconds } from "#kernel/units";
import {
  type Control,
  controlEnvelope,
  decode,
  type Envelope,
  encode,
  type Message,
  verifyAudit,
} from "#messaging";
import {
  consumerWorld,
  deliveries,
  envelope,
  lasting,
  refusals,
  unhurried,
  type World,
} from "../../support/consumer-world.ts";

const messageOf = (sent: Envelope): Message => {
  const decoded = decode(encode(sent));
  if (decoded.kind !== "message") throw new Error("no message");
  return decoded.message;
};

const log = (length: number): readonly Message[] =>
  Array.from({ length }, (_, index) => messageOf(envelope("a", index + 1)));

const control = (about: Pick<Control, "kind" | "id"> & Partial<Control>) => ({
  receiptId: about.id,
  group: "a",
  body: encode(
    controlEnvelope({ stream: "a", author: "ada", reason: "why", ...about } as Control, "urn:test"),
  ),
});

async function evidence(world: World) {
  const head = await world.heads.read("a");
  if (head === undefined) throw new Error("no head");
  return { head, records: await memoryAuditLog(world.store).records("a", 100) };
}

async function halted(length: number): Promise<World> {
  const { failures, refuse } = refusals();
  failures.set("a#2", lasting);
  const world = consumerWorld({ refuse: (message) => message.data["mended"] ?? refuse(message) });
  const deliver = deliveries();
  const batch = Array.from({ length }, (_, index) => deliver(envelope("a", index + 1)));
  await world.sandbox().consume(batch, unhurried);
  return world;
}

test("a stream that was applied as it was sent is verified, up to its position", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = [1, 2, 3].map((sequence) => deliver(envelope("a", sequence)));
  await world.sandbox().consume(batch, unhurried);

  const proof = await evidence(world);

  expect(verifyAudit({ ...proof, log: log(5) })).toEqual({ kind: "verified", last: 3 });
  expect(verifyAudit({ ...proof, log: log(2) })).toEqual({ kind: "not-verifiable", missing: 3 });
});

test("a log that says something else breaks the chain", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  await world.sandbox().consume([deliver(envelope("a", 1))], unhurried);

  const forged = [messageOf(envelope("a", 1, { data: { step: 7 } }))];

  const verdict = verifyAudit({ ...(await evidence(world)), log: forged });
  expect(verdict.kind).toBe("broken");
});

test("what a decision left out or replaced is part of the proof", async () => {
  const skipped = await halted(4);
  await skipped
    .sandbox()
    .consume([control({ kind: "skip", id: "s", sequence: 2 } as never)], unhurried);
  const replaced = await halted(4);
  const data = { mended: true };
  await replaced
    .sandbox()
    .consume([control({ kind: "replace", id: "r", sequence: 2, data } as never)], unhurried);

  for (const world of [skipped, replaced]) {
    const proof = await evidence(world);
    expect(proof.head).toMatchObject({ last: 4, status: "running" });
    expect(verifyAudit({ ...proof, log: log(4) })).toEqual({ kind: "verified", last: 4 });
    const withoutDecisions = verifyAudit({ ...proof, records: [], log: log(4) });
    expect(withoutDecisions.kind).toBe("broken");
  }
});

test("a message that was replaced twice counts as it was replaced last", async () => {
  const world = await halted(3);
  const replace = (id: string, over: object) =>
    control({ kind: "replace", id, sequence: 2, ...over } as never);
  const consumer = world.sandbox();
  await consumer.consume([replace("r1", { type: "test.mended", data: {} })], unhurried);

  await consumer.consume([replace("r2", { data: { mended: true } })], unhurried);

  const proof = await evidence(world);
  expect(proof.head).toMatchObject({ last: 3, status: "running" });
  expect(verifyAudit({ ...proof, log: log(3) })).toEqual({ kind: "verified", last: 3 });
});

test("a refused decision proves nothing", async () => {
  const world = await halted(3);

  await world
    .sandbox()
    .consume([control({ kind: "replace", id: "r", sequence: 3, data: {} } as never)], unhurried);
  await world
    .sandbox()
    .consume([control({ kind: "skip", id: "s", sequence: 2 } as never)], unhurried);

  const proof = await evidence(world);
  expect(verifyAudit({ ...proof, log: log(3) })).toEqual({ kind: "verified", last: 3 });
});

test("a gap that its deadline left out needs no log", async () => {
  const gap = { severity: "critical", recovery: { kind: "skip-and-continue" } } as const;
  const world = consumerWorld({ recovery: { gap }, settings: { gapDeadlineMs: milliseconds(1) } });
  const deliver = deliveries();
  await world.sandbox().consume([deliver(envelope("a", 1)), deliver(envelope("a", 4))], unhurried);
  world.clock.at = later(world.clock.at, milliseconds(1));
  await world.sandbox().consume([control({ kind: "tick", id: "t" })], unhurried);

  const proof = await evidence(world);

  const withoutMissing = log(4).filter(({ sequence }) => sequence === 1 || sequence === 4);
  expect(verifyAudit({ ...proof, log: withoutMissing })).toEqual({ kind: "verified", last: 4 });
  const forgotten = proof.records.filter(({ record }) => record.kind !== "gap-skipped");
  expect(verifyAudit({ ...proof, records: forgotten, log: withoutMissing })).toEqual({
    kind: "not-verifiable",
    missing: 2,
  });
});

test("a stream that was begun later is proven from there", async () => {
  const world = consumerWorld({ startAt: 3 });
  const deliver = deliveries();
  await world.sandbox().consume([deliver(envelope("a", 3)), deliver(envelope("a", 4))], unhurried);

  const proof = await evidence(world);

  expect(verifyAudit({ ...proof, log: log(4) })).toEqual({ kind: "verified", last: 4 });
  const pretended = { ...proof.head, startedAfter: 3 };
  expect(verifyAudit({ ...proof, head: pretended, log: log(4) }).kind).toBe("broken");
});
