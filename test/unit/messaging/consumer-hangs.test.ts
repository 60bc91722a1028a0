// What hangs is cut off when the invocation is nearly over, so that only its own stream's messages
// come again; and what never ends is halted at last.
import { expect, test } from "vitest";
import { later } from "#kernel/units";
import type { Deadline } from "#messaging";
import {
  commands,
  consumerWorld,
  deliveries,
  envelope,
  type Ledger,
  receipts,
  unhurried,
} from "../../support/consumer-world.ts";
import { externalWorld, LEASE } from "../../support/external-world.ts";

/** A deadline that is near when the test says so. */
function deadlineToCome(): Deadline & { comes(): void; readonly isPrevented: () => boolean } {
  let left = 60_000;
  let tell: (() => void) | undefined;
  let isPrevented = false;
  return {
    remainingMs: () => left,
    near: (_marginMs, then) => {
      tell = then;
      return () => {
        isPrevented = true;
      };
    },
    comes() {
      left = 0;
      tell?.();
    },
    isPrevented: () => isPrevented,
  };
}

const never = <Answer>(): Promise<Answer> => new Promise<Answer>(() => undefined);

/** Everything that can go on without waiting has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a load that hangs costs the other streams of its batch nothing", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  const load = (stream: string) =>
    stream === "slow" ? never<Ledger>() : world.handler.load(stream);
  const consumer = world.sandbox({ handler: { ...world.handler, load } });
  const deadline = deadlineToCome();
  const slow = deliver(envelope("slow", 1));

  const answered = consumer.consume([deliver(envelope("a", 1)), slow], deadline);
  await settled();
  deadline.comes();
  const { notDurable, report } = await answered;

  expect(notDurable).toEqual(receipts([slow]));
  expect(report).toMatchObject({ applied: 1, returned: 1 });
  expect(await world.applied("a")).toEqual([1]);
  expect(world.events).toContainEqual({
    kind: "returned",
    stream: "slow",
    receiptIds: receipts([slow]),
    why: "deadline-near",
  });
});

test("a dead-letter queue that hangs costs the streams of its batch nothing", async () => {
  const world = consumerWorld();
  const deadline = deadlineToCome();
  const unreadable = { receiptId: "unreadable", group: "a", body: "?" };
  const consumer = world.sandbox({ deadLetters: { bury: () => never() } });

  const answered = consumer.consume([deliveries()(envelope("a", 1)), unreadable], deadline);
  await settled();
  deadline.comes();

  expect(await answered).toMatchObject({
    notDurable: ["unreadable"],
    report: { applied: 1, undecodable: 0, returned: 1 },
  });
});

test("a batch that ends in time waits for no deadline", async () => {
  const world = consumerWorld();
  const deadline = deadlineToCome();

  await world.sandbox().consume([deliveries()(envelope("a", 1))], deadline);

  expect(deadline.isPrevented()).toBe(true);
});

test("what a cut-off stream still does is fenced, and told by nobody", async () => {
  const world = consumerWorld();
  const deliver = deliveries();
  let goOn = (): void => undefined;
  const load = async (stream: string): Promise<Ledger> => {
    const loaded = await world.handler.load(stream);
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    return loaded;
  };
  const deadline = deadlineToCome();
  const zombie = world.sandbox({ handler: { ...world.handler, load } });
  const cut = zombie.consume([deliver(envelope("a", 1))], deadline);
  await settled();
  deadline.comes();
  await cut;
  const told = world.events.length;

  await world.sandbox().consume([deliver(envelope("a", 1))], unhurried);
  goOn();
  await settled();

  expect(await world.applied("a")).toEqual([1]);
  expect(world.events.filter(({ kind }) => kind === "returned")).toHaveLength(told);
});

test("a call whose end nobody lives to see halts its stream at last", async () => {
  const world = externalWorld({ attemptsMax: 2 });
  const deliver = deliveries();
  world.answers(() => never());

  for (let time = 0; time < 6; time += 1) {
    // Killed while it calls: it never answers.
    void world.sandbox().consume([deliver(envelope("a", 1))], unhurried);
    await settled();
    world.clock.at = later(world.clock.at, LEASE);
  }
  const halted = await world.head("a");
  world.answers(async () => undefined);
  const retry = commands()("a", { kind: "retry", id: "d1", sequence: 1 });
  await world.sandbox().consume([retry], unhurried);

  expect(world.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 1]);
  expect(halted).toMatchObject({ status: "halted", halt: { code: "outcome-unknown" } });
  expect(await world.head("a")).toMatchObject({ status: "running", last: 1 });
});
