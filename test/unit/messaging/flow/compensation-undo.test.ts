// What an undo does about failures and about calls that may still land, and what it never calls
// clean.
import { expect, test } from "vitest";
import { Failure } from "#kernel/failure";
import { type EpochMs, milliseconds } from "#kernel/units";
import type { Step } from "#messaging/flow/index";
import {
  actsOf,
  chargeStep,
  compensationWorld,
  type Input,
  LANDS_WITHIN_MS,
  type Log,
  refused,
  refusedStep,
  reserveStep,
  step,
  transient,
} from "../../../support/compensation-world.ts";
import { start } from "../../../support/consumer-world.ts";
import { mortal } from "../../../support/mortal-ports.ts";

const input: Input = { sku: "a" };
const lasting = new Failure("provider-refused", "reject", "it was shipped");

test("an undo that may pass is tried again, until it is done", async () => {
  const { runs, clock } = compensationWorld();
  const log: Log = [];
  const slept: number[] = [];
  const steps = [step("a", log, { undo: [transient, transient] }), refusedStep];
  const pausing = { ...clock, now: () => start, sleep: async (ms: number) => void slept.push(ms) };

  const outcome = await runs(steps, { clock: pausing }).run("r", input);

  expect(outcome.kind).toBe("undone");
  expect(actsOf(log)).toEqual(["do a", "undo a", "undo a", "undo a"]);
  expect(slept).toEqual([50, 100]);
});

test("an undo that never succeeds needs attention, and what is before it stands", async () => {
  const { events, runs } = compensationWorld();
  const log: Log = [];
  const ill = step("b", log, { undo: Array.from({ length: 99 }, () => transient) });
  const settings = { undoAttemptsMax: 3 };
  const made = runs([step("a", log), ill, refusedStep], { settings });

  const outcome = await made.run("r", input);

  expect(outcome).toEqual({
    kind: "needs-attention",
    attention: { step: "b", code: "provider-unavailable", message: "no answer", at: start },
    cause: { step: "refused", code: "payment-declined", message: "declined" },
  });
  expect(actsOf(log)).toEqual(["do a", "do b", "undo b", "undo b", "undo b"]);
  expect(events.at(-1)).toEqual({ kind: "needs-attention", run: "r" });
});

test("an undo that is refused needs attention at once", async () => {
  const { runs } = compensationWorld();
  const log: Log = [];

  const steps = [step("a", log, { undo: [lasting] }), refusedStep];
  const outcome = await runs(steps).run("r", input);

  expect(outcome).toMatchObject({
    kind: "needs-attention",
    attention: { message: "it was shipped" },
  });
  expect(actsOf(log)).toEqual(["do a", "undo a"]);
});

test("what needs attention is never called clean, until somebody has seen to it", async () => {
  const { runs } = compensationWorld();
  const log: Log = [];
  const made = runs([step("a", log), step("b", log, { undo: [lasting] }), refusedStep]);
  const first = await made.run("r", input);

  const again = await made.run("r", input);
  const calls = log.length;
  const seenTo = await made.undo("r", "the parcel came back");

  expect(again).toEqual(first);
  expect(calls).toBe(3);
  expect(seenTo).toMatchObject({ kind: "undone", cause: { step: "refused" } });
  expect(actsOf(log).slice(calls)).toEqual(["undo b", "undo a"]);
});

test("what may still land is waited for, and then undone", async () => {
  const { clock, money, pass, runs } = compensationWorld();
  const lost: Step<Input> = {
    ...chargeStep(money),
    forward: () => Promise.reject(transient),
  };
  const made = runs([lost]);
  await expect(made.run("r", input)).rejects.toBe(transient);

  const early = await made.undo("r", "gave up");
  await money.charge("r:charge");
  pass(LANDS_WITHIN_MS - 1);
  const still = await made.undo("r", "gave up");
  const before = money.charged();
  pass(1);
  const outcome = await made.undo("r", "gave up");

  const until = (start + LANDS_WITHIN_MS) as EpochMs;
  expect(early).toMatchObject({ kind: "pending", until });
  expect(still).toMatchObject({ kind: "pending", until });
  expect(before).toBe(1);
  expect(outcome.kind).toBe("undone");
  expect(money.charged()).toBe(0);
  expect(clock.now()).toBe(until);
});

test("a refusal is an answer: nothing is waited for", async () => {
  const { money, runs } = compensationWorld();
  const declined: Step<Input> = { ...chargeStep(money), forward: () => Promise.reject(refused) };

  expect((await runs([declined]).run("r", input)).kind).toBe("undone");
});

test("a refusal after an attempt without an answer waits for that attempt", async () => {
  const { money, runs } = compensationWorld();
  const errors = [transient, refused];
  const charge = { ...chargeStep(money), forward: () => Promise.reject(errors.shift() ?? refused) };
  await expect(runs([charge]).run("r", input)).rejects.toBe(transient);

  expect((await runs([charge]).run("r", input)).kind).toBe("pending");
});

test("a process that was paused past its time begins anew before it calls", async () => {
  const { clock, money, pass, runs, store } = compensationWorld();
  const told: number[] = [];
  const charge: Step<Input> = {
    ...chargeStep(money),
    forward: async ({ landsBy }) => told.push(landsBy - clock.now()),
  };
  let writes = 0;
  const pausing = {
    ...store,
    write: async (...parameters: Parameters<typeof store.write>) => {
      const answer = await store.write(...parameters);
      if ((writes += 1) === 1) pass(LANDS_WITHIN_MS);
      return answer;
    },
  };

  const outcome = await runs([charge], { store: pausing }).run("r", input);

  expect(outcome.kind).toBe("completed");
  expect(told).toEqual([LANDS_WITHIN_MS]);
});

test("cut off at any request, a run that is asked for again ends the same", async () => {
  const ends: string[] = [];
  const cuts = Array.from({ length: 40 }, (_, index) => index + 1);
  for (const atCall of cuts) {
    for (const effect of ["none", "taken"] as const) {
      const { money, runs, store, things, pass } = compensationWorld();
      const { wrap, diedAt } = mortal({ atCall, effect });
      const over = <Port extends object>(port: Port): Port => port;
      const stepsWith = (through: typeof over) => [
        chargeStep(through(money)),
        reserveStep(through(things)),
        refusedStep,
      ];
      const doomed = runs(stepsWith(wrap), { store: wrap(store) });
      const hasDied = await diedAt(doomed.run("r", input));
      const next = runs(stepsWith(over));
      let outcome = await next.run("r", input);
      if (outcome.kind === "pending") {
        pass(milliseconds(LANDS_WITHIN_MS));
        outcome = await next.run("r", input);
      }
      const left = money.charged() + things.reserved();
      ends.push(`${outcome.kind}, ${left} left${hasDied ? "" : ", not cut"}`);
    }
  }

  expect(new Set(ends)).toEqual(new Set(["undone, 0 left", "undone, 0 left, not cut"]));
});

test("an undo whose process ends each time is bounded, too", async () => {
  const { runs } = compensationWorld();
  const log: Log = [];
  const deadly: Step<Input> = {
    ...step("a", log),
    undo(call) {
      log.push({ act: "undo a", call });
      return new Promise(() => undefined);
    },
  };
  const made = runs([deadly, refusedStep], { settings: { undoAttemptsMax: 3 } });
  for (let process = 0; process < 3; process += 1) {
    void made.run("r", input);
    await new Promise((resolve) => setImmediate(resolve));
  }

  const outcome = await made.run("r", input);

  expect(outcome).toMatchObject({
    kind: "needs-attention",
    attention: { step: "a", message: "Its undo was begun 3 times and never seen to end." },
  });
  expect(actsOf(log).filter((act) => act === "undo a")).toHaveLength(3);
});
