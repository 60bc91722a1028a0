// While another run holds the claim, a run writes nothing: what the head already has is done with,
// everything else comes again.
import { expect, test } from "vitest";
import { milliseconds } from "#kernel/units";
import type { QueueRecord } from "#messaging";
import {
  commands,
  deliveries,
  envelope,
  lasting,
  receipts,
  unhurried,
} from "../../support/consumer-world.ts";
import { deadClaimant, externalWorld } from "../../support/external-world.ts";

/** Sequence 1 was left out by a decision `d1`, its late arrival filed; 2 is applied. */
async function leftOut() {
  const world = externalWorld();
  const deliver = deliveries();
  const command = commands();
  world.answers(async ({ sequence }) => {
    if (sequence === 1) throw lasting;
  });
  const consumer = world.sandbox();
  await consumer.consume([deliver(envelope("a", 1))], unhurried);
  await consumer.consume([command("a", { kind: "skip", id: "d1", sequence: 1 })], unhurried);
  await consumer.consume([deliver(envelope("a", 2))], unhurried);
  return { world, deliver, command, consumer };
}

/** What a rival is answered while 3 is called for. */
async function meanwhile(
  { world, deliver }: Awaited<ReturnType<typeof leftOut>>,
  batch: readonly QueueRecord[],
) {
  const answers: { readonly notDurable: readonly string[]; readonly writes: number }[] = [];
  world.answers(async () => {
    const { notDurable, report } = await world.sandbox().consume(batch, unhurried);
    answers.push({ notDurable, writes: report.writes });
  });
  await world.sandbox().consume([deliver(envelope("a", 3))], unhurried);
  const [answer] = answers;
  if (answer === undefined) throw new Error("nobody was called");
  return answer;
}

test("a late arrival that is on file is done with; one that is not has to come again", async () => {
  const filed = await leftOut();
  await filed.consumer.consume([filed.deliver(envelope("a", 1))], unhurried);
  const unfiled = await leftOut();
  const late = deliveries()(envelope("a", 1));

  expect(await meanwhile(filed, [late])).toEqual({ notDurable: [], writes: 0 });
  expect(await meanwhile(unfiled, [late])).toEqual({ notDurable: receipts([late]), writes: 0 });
});

test("a decision that has been taken is done with; another one has to come again", async () => {
  const state = await leftOut();
  const taken = state.command("a", { kind: "skip", id: "d1", sequence: 1 });
  const fresh = state.command("a", { kind: "skip", id: "d2", sequence: 3 });

  const { notDurable } = await meanwhile(state, [taken, fresh]);

  expect(notDurable).toEqual(receipts([fresh]));
});

test("what was never asked for is done with, claimed or not", async () => {
  const world = externalWorld({}, undefined, 5);
  const deliver = deliveries();
  const answers: (readonly string[])[] = [];
  world.answers(async () => {
    answers.push(
      (await world.sandbox().consume([deliver(envelope("a", 4))], unhurried)).notDurable,
    );
  });

  await world.sandbox().consume([deliver(envelope("a", 5))], unhurried);

  expect(answers).toEqual([[]]);
});

test("early messages are not parked past a claim: they come again", async () => {
  const world = externalWorld();
  await deadClaimant(world);
  const early = deliveries()(envelope("a", 3));

  const { notDurable, report } = await world.sandbox().consume([early], unhurried);

  expect(notDurable).toEqual(receipts([early]));
  expect(report.writes).toBe(0);
});

test.each([0, -1, 1.5, 43_200_001])("a lease of %s ms is refused with its range", (leaseMs) => {
  expect(() => externalWorld({}, milliseconds(leaseMs)).sandbox()).toThrow(
    `leaseMs must be an integer from 1 to 43200000; received ${leaseMs}`,
  );
});
