// Two sandboxes on one stream, lost answers, refused effects: the fence holds, and every message is
// applied once.
import { expect, test } from "vitest";
import type { AppendWrite, HeadStore } from "#messaging";
import {
  commands,
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
import { faultyHeadStore } from "../../support/faulty-head-store.ts";

test("a late sandbox is fenced, and finds its messages applied", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = [1, 2].map((sequence) => deliver(envelope("a", sequence)));
  const twin = () => world.sandbox().consume(batch, unhurried);
  const late = world.sandbox({ heads: faultyHeadStore(world.heads, { commits: [twin] }) });

  const { notDurable, report } = await late.consume(batch, unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, duplicates: 2, reads: 1, writes: 1 });
  expect(await world.applied("a")).toEqual([1, 2]);
  expect(world.events).toContainEqual({ kind: "race-lost", stream: "a", by: "head" });
});

test("a fenced sandbox applies what the other left over, against what is stored now", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = [1, 2, 3].map((sequence) => deliver(envelope("a", sequence)));
  const twin = () => world.sandbox().consume(batch.slice(0, 1), unhurried);
  const late = world.sandbox({ heads: faultyHeadStore(world.heads, { commits: [twin] }) });

  const { report } = await late.consume(batch, unhurried);

  expect(report).toEqual({ ...idle, applied: 2, duplicates: 1, reads: 1, writes: 2 });
  expect(await world.applied("a")).toEqual([1, 2, 3]);
});

test("a sandbox with an outdated memory is fenced and then right", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const [one, two] = [world.sandbox(), world.sandbox()];
  await one.consume([deliver(envelope("a", 1))], unhurried);
  await two.consume([deliver(envelope("a", 2))], unhurried);

  const { report } = await one.consume([deliver(envelope("a", 3))], unhurried);

  expect(report).toEqual({ ...idle, applied: 1, writes: 2 });
  expect(await world.applied("a")).toEqual([1, 2, 3]);
});

test("a halt that was decided on an outdated head is not written", async () => {
  const { failures, refuse } = refusals();
  failures.set("a#1", lasting);
  const world = consumerWorld({ refuse });
  const deliver = deliveries();
  const batch = [deliver(envelope("a", 1))];
  const twin = async () => {
    failures.clear();
    await world.sandbox().consume(batch, unhurried);
  };
  const late = world.sandbox({ heads: faultyHeadStore(world.heads, { commits: [twin] }) });

  const { report } = await late.consume(batch, unhurried);

  expect(report).toMatchObject({ duplicates: 1, halted: 0 });
  expect(await world.heads.read("a")).toMatchObject({ status: "running", last: 1 });
  expect(world.events.filter(({ kind }) => kind === "stream-halted")).toEqual([]);
});

test("after five lost races the messages go back", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  let winner = 0;
  const win = async () => {
    winner += 1;
    await world.sandbox().consume([deliver(envelope("a", winner))], unhurried);
  };
  const heads = faultyHeadStore(world.heads, { commits: [win, win, win, win, win, win, win] });
  const batch = [deliver(envelope("a", 100))];

  const { notDurable, report } = await world.sandbox({ heads }).consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch));
  expect(report).toEqual({ ...idle, returned: 1, reads: 1, writes: 6 });
  expect(await world.applied("a")).toEqual([1, 2, 3, 4, 5, 6]);
});

test("a head that vanished is as good as none", async () => {
  const world = consumerWorld();
  const elsewhere = consumerWorld();
  const deliver = deliveries();
  let { heads } = world;
  const moved = {
    bounds: heads.bounds,
    read: (stream: string) => heads.read(stream),
    readParked: (stream: string, sequences: readonly number[]) =>
      heads.readParked(stream, sequences),
    commit: (commit: Parameters<typeof heads.commit>[0]) => heads.commit(commit),
  };
  const consumer = world.sandbox({ heads: moved });
  await consumer.consume([deliver(envelope("a", 1))], unhurried);
  heads = elsewhere.heads;

  const { notDurable, report } = await consumer.consume([deliver(envelope("a", 3))], unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, early: 1, writes: 2, lagMax: 1 });
  expect(await elsewhere.heads.read("a")).toMatchObject({ version: 1, last: 0 });
});

test("an effect whose condition fails is handled again against what is stored now", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1))], unhurried);
  // Somebody else appends to the same stream: the remembered commits are outdated, the head is not.
  const [commit] = await world.store.read("a");
  if (commit === undefined) throw new Error("nothing committed");
  await world.store.append({ ...commit, number: 2 });

  const { notDurable, report } = await consumer.consume([deliver(envelope("a", 2))], unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toEqual({ ...idle, applied: 1, writes: 2 });
  expect(world.loads).toEqual(["a", "a"]);
  expect((await world.store.read("a")).map(({ number }) => number)).toEqual([1, 2, 3]);
});

/** Never lets an effect through, and everything else. */
const refusing = (heads: HeadStore<AppendWrite>): HeadStore<AppendWrite> => ({
  ...heads,
  commit: async (commit) => (commit.writes.length > 0 ? { kind: "refused" } : heads.commit(commit)),
});

test("an effect that is refused again and again is a failed attempt of its own", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const batch = [1, 2].map((sequence) => deliver(envelope("a", sequence)));
  const consumer = world.sandbox({ heads: refusing(world.heads) });

  const { notDurable, report } = await consumer.consume(batch, unhurried);

  expect(notDurable).toEqual(receipts(batch.slice(0, 1)));
  expect(report).toEqual({ ...idle, early: 1, returned: 1, reads: 1, writes: 7, lagMax: 1 });
  expect(await world.heads.read("a")).toMatchObject({ last: 0, attempts: 1 });
});

test("an effect that is never accepted halts its stream in the end", async () => {
  const world = consumerWorld({ settings: { attemptsMax: 2 } });
  const deliver = deliveries();
  const consumer = world.sandbox({ heads: refusing(world.heads) });

  await consumer.consume([deliver(envelope("a", 1))], unhurried);
  const { notDurable } = await consumer.consume([deliver(envelope("a", 1))], unhurried);

  expect(notDurable).toEqual([]);
  expect(await world.heads.read("a")).toMatchObject({
    status: "halted",
    halt: { sequence: 1, code: "conflict" },
  });
});

test("a failure on an outdated memory is not believed: neither counted nor a halt", async () => {
  const world = consumerWorld({
    refuse: ({ sequence }, { commits }) => {
      const isOpen = commits.some(({ traceparent }) => traceparent === "opened");
      if (sequence === 2 && !isOpen) throw lasting;
    },
  });
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1))], unhurried);
  const [commit] = await world.store.read("a");
  if (commit === undefined) throw new Error("nothing committed");
  await world.store.append({ ...commit, number: 2, traceparent: "opened" });

  const { report } = await consumer.consume([deliver(envelope("a", 2))], unhurried);

  expect(report).toEqual({ ...idle, applied: 1, writes: 1 });
  expect(await world.heads.read("a")).toMatchObject({ status: "running", last: 2 });
});

test("a released message that fails stays parked, and is tried when it is due", async () => {
  const { failures, refuse } = refusals();
  failures.set("a#2", passing);
  const world = consumerWorld({ refuse });
  const deliver = deliveries();
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 2))], unhurried);

  const failed = await consumer.consume([deliver(envelope("a", 1))], unhurried);
  const stuck = await world.heads.read("a");
  const soon = await consumer.consume([deliver(envelope("a", 1))], unhurried);
  failures.clear();
  world.clock.at = stuck?.dueAt ?? start;
  const again = await consumer.consume([deliver(envelope("a", 1))], unhurried);

  expect(failed).toMatchObject({
    notDurable: [],
    report: { applied: 1, released: 0, returned: 0 },
  });
  expect(stuck).toMatchObject({ last: 1, attempts: 1, status: "running" });
  expect(stuck?.dueAt).toBe(start + 60_000);
  expect(soon.report).toMatchObject({ duplicates: 1, applied: 0, writes: 0 });
  expect(again.report).toEqual({
    ...idle,
    applied: 1,
    released: 1,
    ageMsMax: 60_000,
    duplicates: 1,
    writes: 1,
  });
  expect(await world.applied("a")).toEqual([1, 2]);
});

test("a body that was read before a lost race is read again", async () => {
  const { failures, refuse } = refusals();
  failures.set("a#1", lasting);
  const world = consumerWorld({ refuse, settings: { parkedBytesMax: 0 } });
  await world.sandbox().consume([deliveries()(envelope("a", 1))], unhurried);
  const command = commands();
  failures.clear();
  const other = async () => {
    failures.set("a#1", passing);
    const replace = { kind: "replace", id: "d2", sequence: 1, data: { step: "other" } } as const;
    await world.sandbox().consume([command("a", replace)], unhurried);
    failures.clear();
  };
  const heads = faultyHeadStore(world.heads, { commits: [other] });

  await world
    .sandbox({ heads })
    .consume([command("a", { kind: "retry", id: "d1", sequence: 1 })], unhurried);

  const applied = (await world.store.read("a")).flatMap((commit) => commit.events);
  expect(applied.map(({ data }) => data["step"])).toEqual(["other"]);
});
