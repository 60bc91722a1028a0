// A sandbox may end at any request: before it arrives, after it took effect, after its answer. What
// is redelivered to another sandbox ends in the same state as if nothing had happened.
import { expect, test } from "vitest";
import {
  consumerWorld,
  deliveries,
  envelope,
  lasting,
  unhurried,
} from "../../support/consumer-world.ts";
import type { Cut } from "../../support/interrupted.ts";
import { mortal } from "../../support/mortal-ports.ts";

/**
 * One of every kind: a run, a gap, a duplicate, a conflict, a poison and what is behind it,
 * nonsense.
 */
function traffic() {
  const deliver = deliveries();
  return [
    deliver(envelope("plain", 1)),
    deliver(envelope("plain", 2)),
    deliver(envelope("plain", 2)),
    deliver(envelope("plain", 1, { id: "twin" })),
    deliver(envelope("gap", 3)),
    deliver(envelope("gap", 1)),
    deliver(envelope("ill", 1)),
    deliver(envelope("ill", 2)),
    deliver(envelope("ill", 3)),
    { receiptId: "nonsense", group: "plain", body: "nonsense" },
    deliver(envelope("gap", 2)),
  ];
}

const newWorld = () =>
  consumerWorld({
    bounds: { writesMax: 1 },
    refuse: ({ id }) => {
      if (id === "ill#2") throw lasting;
    },
  });

const outcome = async (world: ReturnType<typeof newWorld>) => ({
  applied: await Promise.all(["plain", "gap", "ill"].map((stream) => world.applied(stream))),
  heads: await Promise.all(
    ["plain", "gap", "ill"].map(async (stream) => {
      const head = await world.heads.read(stream);
      const parked = head?.parked.map(({ message }) => message?.id);
      const { last, status, audit, violations } = head ?? {};
      return { last, status, audit, parked, kinds: violations?.map(({ kind }) => kind) };
    }),
  ),
  dead: [...new Set(world.deadLetters.buried.map(({ record }) => record.receiptId))].toSorted(),
});

/** Answers whether the sandbox got as far as the cut. */
async function crashAndRedeliver(world: ReturnType<typeof newWorld>, cut: Cut): Promise<boolean> {
  const { wrap, diedAt } = mortal(cut);
  const doomed = world.sandbox({
    heads: wrap(world.heads),
    deadLetters: wrap(world.deadLetters),
    handler: {
      ...world.handler,
      ...wrap({ load: (stream: string) => world.handler.load(stream) }),
    },
  });
  const batch = traffic();
  const died = await diedAt(doomed.consume(batch, unhurried));
  const { notDurable } = await world.sandbox().consume(batch, unhurried);
  expect(notDurable).toEqual([]);
  return died;
}

const undisturbed = async () => {
  const world = newWorld();
  await world.sandbox().consume(traffic(), unhurried);
  return outcome(world);
};

test("the traffic below does what it is meant to do", async () => {
  expect(await undisturbed()).toMatchObject({
    applied: [[1, 2], [1, 2, 3], [1]],
    heads: [
      { last: 2, status: "running", kinds: ["sequence-conflict"] },
      { last: 3, status: "running", parked: [] },
      { last: 1, status: "halted", parked: ["ill#2", "ill#3"] },
    ],
  });
});

test.for(["none", "taken"] as const)(
  "killed at any request, its effect %s: the redelivered batch ends as if nothing had happened",
  async (effect) => {
    const expected = await undisturbed();

    let kills = 0;
    for (let atCall = 1; ; atCall += 1) {
      const world = newWorld();
      if (!(await crashAndRedeliver(world, { atCall, effect }))) break;
      kills += 1;
      expect(await outcome(world)).toEqual(expected);
    }

    expect(kills).toBeGreaterThan(12);
  },
);
