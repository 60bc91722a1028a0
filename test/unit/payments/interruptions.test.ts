import fc from "fast-check";
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import { aroundCalls, type Cut, cutOff, Killed } from "../../support/interrupted.ts";
import {
  intentLasting,
  noon,
  pastDeadline,
  paymentWorld,
  type PaymentWorld,
} from "../../support/payment-world.ts";

/** More calls than any step makes. */
const CALLS_MAX = 20;

const cuts: readonly Cut[] = Array.from({ length: CALLS_MAX }, (_, index) => index + 1).flatMap(
  (atCall): Cut[] => [
    { atCall, effect: "none" },
    { atCall, effect: "taken" },
  ],
);

test("an authorisation cut off at any call and repeated moves the money once", async () => {
  const ends = await Promise.all(
    cuts.map(async (cut) => {
      const world = paymentWorld();
      await runUntilCut(world, cut, (tasks) => tasks.authorise());
      const { paymentId } = await world.over().authorise();
      const again = await world.over().authorise();
      return { cut, statuses: world.statuses(), isSame: again.paymentId === paymentId };
    }),
  );

  expect(ends).toEqual(cuts.map((cut) => ({ cut, statuses: ["authorised"], isSame: true })));
});

test("a capture cut off at any call and repeated takes the money once", async () => {
  const ends = await Promise.all(
    cuts.map(async (cut) => {
      const world = paymentWorld();
      await world.over().authorise();
      await runUntilCut(world, cut, (tasks) => tasks.capture());
      await world.over().capture();
      return { cut, statuses: world.statuses(), faults: await world.faults() };
    }),
  );

  expect(ends).toEqual(cuts.map((cut) => ({ cut, statuses: ["captured"], faults: [] })));
});

test("an authorisation cut off anywhere is undone by a void cut off anywhere", async () => {
  const left: unknown[] = [];
  let interrupted = 0;
  for (const cut of cuts) {
    for (const voidCut of cuts) {
      const world = paymentWorld();
      await runUntilCut(world, cut, (tasks) => tasks.authorise());
      const wasCut = await runUntilCut(world, voidCut, (tasks) => tasks.void());
      if (wasCut) interrupted += 1;

      await world.over().void();

      if (world.statuses().includes("authorised")) left.push({ cut, voidCut });
      await expect(world.over().authorise(pastDeadline)).rejects.toMatchObject({
        code: "step-cancelled",
      });
    }
  }

  expect(left).toEqual([]);
  expect(interrupted).toBeGreaterThan(100);
});

test("twins, zombies and the void in any interleaving charge once or leave nothing", async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, undone) => {
      const world = paymentWorld();
      const tasks = world.over((port) =>
        aroundCalls(port, async (call, method) => {
          await scheduler.schedule(Promise.resolve(), method);
          return await call();
        }),
      );

      const forward = [tasks.authorise(), tasks.authorise().then(() => tasks.capture())];
      const all = undone ? [...forward, tasks.void(noon)] : forward;
      const ended = Promise.allSettled(all);
      await scheduler.waitFor(ended);

      if (undone) await world.over().void(farLater).catch(refusedBecauseCaptured);
      seen.add(`${undone ? "undone" : "kept"}: ${world.statuses().join()}`);
      expect(await world.faults()).toEqual([]);
      expect(world.statuses()).toHaveLength(world.statuses().length === 0 && undone ? 0 : 1);
      expect(world.statuses()).not.toContain(undone ? "authorised" : "voided");
    }),
    { numRuns: 400, seed: 20_260_101 },
  );
  // Each of these really has happened; without an undo the money has always been taken.
  expect([...seen].toSorted()).toEqual([
    "kept: captured",
    "undone: ",
    "undone: captured",
    "undone: voided",
  ]);
});

/** Past every deadline that an attempt begun at noon can have set. */
const farLater = (noon + 2 * intentLasting) as EpochMs;

/** The only way in which a void may give up: the provider has captured, and money is owed back. */
function refusedBecauseCaptured(error: unknown): void {
  expect(error).toMatchObject({ code: "provider-refused", action: "reject" });
}

/** Answers whether the cut came before the end. */
async function runUntilCut(
  world: PaymentWorld,
  cut: Cut,
  run: (tasks: ReturnType<PaymentWorld["over"]>) => Promise<unknown>,
): Promise<boolean> {
  const cutter = cutOff(cut);
  try {
    await run(world.over((port) => cutter.wrap(port)));
    return false;
  } catch (error) {
    if (error instanceof Killed) return true;
    throw error;
  }
}
