// After a decision what waited is applied in order, over as many commits, batches and sandboxes as
// it takes; what comes meanwhile waits its turn.
import { expect, test } from "vitest";
import { later, milliseconds } from "#kernel/units";
import type { Deadline } from "#messaging";
import {
  commands,
  consumerWorld,
  deliveries,
  envelope,
  lasting,
  passing,
  receipts,
  refusals,
  start,
  unhurried,
  type WorldOptions,
} from "../../support/consumer-world.ts";
import { faultyHeadStore } from "../../support/faulty-head-store.ts";

const RETRY = milliseconds(60_000);

/** Sequence 1 can never be applied; so many wait behind it. */
async function halted(waiting: number, options: WorldOptions = {}) {
  const { failures, refuse } = refusals();
  failures.set("a#1", lasting);
  const world = consumerWorld({ refuse, settings: { retryDelayMs: RETRY }, ...options });
  const deliver = deliveries();
  const messages = Array.from({ length: waiting + 1 }, (_, index) => envelope("a", index + 1));
  await world.sandbox().consume(
    messages.map((message) => deliver(message)),
    unhurried,
  );
  const command = commands();
  const skip = command("a", { kind: "skip", id: "d1", sequence: 1 });
  const tick = (id: string) => command("a", { kind: "tick", id });
  return { world, failures, deliver, skip, tick };
}

/** Enough for so many looks at it. */
function deadlineAfter(looks: number): Deadline {
  let left = looks;
  return { remainingMs: () => ((left -= 1) >= 0 ? 60_000 : 0) };
}

const upTo = (last: number): readonly number[] =>
  Array.from({ length: last - 1 }, (_, index) => index + 2);

test("a drain that is cut off is due at once, and each tick takes it further", async () => {
  const { world, skip, tick } = await halted(6, { bounds: { writesMax: 1 } });

  // The reading, the loading and two commits: the decision with nothing else, then one message.
  const { notDurable } = await world.sandbox().consume([skip], deadlineAfter(4));
  const first = await world.head("a");
  await world.sandbox().consume([tick("t1")], deadlineAfter(4));
  const second = await world.head("a");
  await world.sandbox().consume([tick("t2")], unhurried);

  expect(notDurable).toEqual([]);
  expect(first).toMatchObject({ status: "draining", dueAt: start });
  expect(second).toMatchObject({ status: "draining", dueAt: start });
  expect(second.last).toBeGreaterThan(first.last);
  expect(await world.applied("a")).toEqual(upTo(7));
  expect(await world.head("a")).toMatchObject({ status: "running", parked: [] });
  expect((await world.head("a")).dueAt).toBeUndefined();
});

test("what comes while the stream drains is parked, and applied behind what waited", async () => {
  const { world, failures, deliver, skip } = await halted(2);
  failures.set("a#2", passing);
  await world.sandbox().consume([skip], unhurried);
  const next = deliver(envelope("a", 4));

  const { notDurable, report } = await world.sandbox().consume([next], unhurried);
  const between = await world.head("a");
  failures.clear();
  world.clock.at = between.dueAt ?? start;
  await world.sandbox().consume([deliver(envelope("a", 5))], unhurried);

  expect(notDurable).toEqual([]);
  expect(report).toMatchObject({ parkedBehindHalt: 1, applied: 0 });
  expect(between).toMatchObject({ status: "draining", last: 1, attempts: 1 });
  expect(await world.applied("a")).toEqual([2, 3, 4, 5]);
  expect(await world.head("a")).toMatchObject({ status: "running", last: 5, parked: [] });
});

test("a drain that fails for a passing cause waits like any attempt", async () => {
  const { world, failures, skip } = await halted(2);
  failures.set("a#3", passing);

  const { report } = await world.sandbox().consume([skip], unhurried);

  expect(report).toMatchObject({ released: 1, returned: 0, resumed: 0 });
  expect(await world.head("a")).toMatchObject({
    status: "draining",
    last: 2,
    attempts: 1,
    dueAt: later(start, RETRY),
  });
});

test("arrivals do not put off the next attempt of what failed", async () => {
  const { world, failures, deliver, skip, tick } = await halted(2);
  failures.set("a#3", passing);
  const consumer = world.sandbox();
  await consumer.consume([skip], unhurried);
  failures.clear();

  world.clock.at = later(start, milliseconds(RETRY - 1));
  await consumer.consume([deliver(envelope("a", 4))], unhurried);
  const between = await world.head("a");
  world.clock.at = later(start, RETRY);
  await consumer.consume([tick("t1")], unhurried);

  expect(between).toMatchObject({ last: 2, attempts: 1, dueAt: later(start, RETRY) });
  expect(await world.applied("a")).toEqual([2, 3, 4]);
});

test("an attempt that a clock far ahead has put off is made at the next occasion", async () => {
  const { world, failures, deliver, skip } = await halted(2);
  failures.set("a#3", passing);
  world.clock.at = later(start, milliseconds(86_400_000));
  await world.sandbox().consume([skip], unhurried);
  failures.clear();
  world.clock.at = start;

  await world.sandbox().consume([deliver(envelope("a", 4))], unhurried);

  expect(await world.applied("a")).toEqual([2, 3, 4]);
});

test("a drain that comes upon another poison halts there; the rest stays parked", async () => {
  const { world, failures, skip } = await halted(3);
  failures.set("a#3", lasting);

  const { report } = await world.sandbox().consume([skip], unhurried);

  expect(report).toMatchObject({ released: 1, halted: 1, resumed: 0 });
  const head = await world.head("a");
  expect(head).toMatchObject({ status: "halted", last: 2, halt: { sequence: 3 } });
  expect(head.parked.map(({ sequence }) => sequence)).toEqual([3, 4]);
});

test("a drain ends at a gap: the stream runs, and waits for what is missing", async () => {
  const { world, deliver, skip } = await halted(1);
  await world.sandbox().consume([deliver(envelope("a", 4))], unhurried);

  const { report } = await world.sandbox().consume([skip], unhurried);

  expect(report).toMatchObject({ released: 1, resumed: 1 });
  expect(await world.head("a")).toMatchObject({ status: "running", last: 2 });
  await world.sandbox().consume([deliver(envelope("a", 3))], unhurried);
  expect(await world.applied("a")).toEqual([2, 3, 4]);
});

test("bodies beside the head are read fifty at a time, and taken away", async () => {
  const { world, skip } = await halted(120, { settings: { parkedBytesMax: 0 } });
  const before = await world.heads.readParked("a", [2, 3]);

  const { report } = await world.sandbox().consume([skip], unhurried);

  expect(before).toHaveLength(2);
  expect(report).toMatchObject({ released: 120, resumed: 1 });
  // The head, and three times bodies.
  expect(report.reads).toBe(4);
  expect(await world.applied("a")).toEqual(upTo(121));
  expect(await world.heads.readParked("a", upTo(51))).toEqual([]);
});

test("a body that is gone from beside the head halts there and says what to do", async () => {
  const { world, skip } = await halted(2, { settings: { parkedBytesMax: 0 } });
  const heads = { ...world.heads, readParked: () => Promise.resolve([]) };

  await world.sandbox({ heads }).consume([skip], unhurried);

  expect((await world.head("a")).halt).toMatchObject({
    sequence: 2,
    message: expect.stringContaining("is gone; resend it from its producer, or skip it") as string,
  });
});

test("bodies that cannot be read hold up the drain, and the decision comes again", async () => {
  const { world, skip, tick } = await halted(2, { settings: { parkedBytesMax: 0 } });
  const heads = { ...world.heads, readParked: () => Promise.reject(passing) };

  const { notDurable } = await world.sandbox({ heads }).consume([skip], unhurried);
  const between = await world.head("a");
  await world.sandbox().consume([skip, tick("t1")], unhurried);

  expect(notDurable).toEqual(receipts([skip]));
  expect(between).toMatchObject({ status: "halted" });
  expect(await world.applied("a")).toEqual([2, 3]);
});

test("a gap behind a drain has its whole deadline, wherever the drain was cut off", async () => {
  const deadline = milliseconds(300_000);
  const dueAts: unknown[] = [];
  for (let dies = 1; dies <= 4; dies += 1) {
    const settings = { parkedBytesMax: 0, gapDeadlineMs: deadline };
    const { world, deliver, skip, tick } = await halted(1, { settings, bounds: { writesMax: 1 } });
    await world.sandbox().consume([deliver(envelope("a", 4))], unhurried);
    const commits = Array.from({ length: dies - 1 }, () => "answered" as const);
    const heads = faultyHeadStore(world.heads, { commits: [...commits, "throttled"] });
    await world.sandbox({ heads }).consume([skip], unhurried);
    world.clock.at = later(start, milliseconds(1_000));

    await world.sandbox().consume([skip, tick("t1")], unhurried);

    expect(await world.head("a")).toMatchObject({ status: "running", last: 2, violations: [] });
    dueAts.push((await world.head("a")).dueAt);
  }

  const [whenCut, whenDone] = [later(start, milliseconds(1_000)), start];
  expect(dueAts).toEqual([
    later(whenCut, deadline),
    later(whenCut, deadline),
    later(whenCut, deadline),
    later(whenDone, deadline),
  ]);
});
