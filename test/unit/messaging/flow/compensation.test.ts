// What a run does step by step, what its undo does about failures, and what it never calls clean.
import { expect, test } from "vitest";
import { memoryRecordStore } from "#adapters/memory/record-store";
import { memoryTable } from "#adapters/memory/table";
import { Failure } from "#kernel/failure";
import { milliseconds, type EpochMs } from "#kernel/units";
import type { Step, StepCall } from "#messaging/flow/index";
import {
  chargeStep,
  compensationWorld,
  type Input,
  LANDS_WITHIN_MS,
  refused,
  refusedStep,
  reserveStep,
  transient,
} from "../../../support/compensation-world.ts";
import { start } from "../../../support/consumer-world.ts";
import { mortal } from "../../../support/mortal-ports.ts";

const input: Input = { sku: "a" };
const lasting = new Failure("provider-refused", "reject", "it was shipped");

type Log = { readonly act: string; readonly call: StepCall<Input> }[];

/** A step that fails as planned, in turn, and otherwise answers its name. */
function step(
  name: string,
  log: Log = [],
  { forward = [], undo = [] }: { forward?: readonly Error[]; undo?: readonly Error[] } = {},
): Step<Input> {
  const [forwards, undos] = [[...forward], [...undo]];
  return {
    name,
    landsWithinMs: 0,
    async forward(call) {
      log.push({ act: `do ${name}`, call });
      const error = forwards.shift();
      if (error !== undefined) throw error;
      return `${name} is done`;
    },
    async undo(call) {
      log.push({ act: `undo ${name}`, call });
      const error = undos.shift();
      if (error !== undefined) throw error;
    },
  };
}

const actsOf = (log: Log): readonly string[] => log.map(({ act }) => act);

test("steps are done in order, each with a key of its own and what was answered before", async () => {
  const { runs } = compensationWorld();
  const log: Log = [];

  const outcome = await runs([step("a", log), step("b", log)]).run("r", input);

  const results = { a: "a is done", b: "b is done" };
  expect(outcome).toEqual({ kind: "completed", results });
  expect(log).toMatchObject([
    { act: "do a", call: { key: "r:a", input, results: {} } },
    { act: "do b", call: { key: "r:b", input, results: { a: "a is done" } } },
  ]);
});

test.for([1, 2, 5])("a run of %i steps is as many writes plus one, and no read", async (count) => {
  const { runs } = compensationWorld();
  const table = memoryTable();
  const steps = Array.from({ length: count }, (_, index) => step(`step-${index}`));

  await runs(steps, { store: memoryRecordStore({ table }) }).run("r", input);

  expect(table.requests).toEqual({ reads: 0, writes: count + 1 });
});

test("a run that is repeated answers how it ended, and does nothing", async () => {
  const { runs } = compensationWorld();
  const log: Log = [];
  const first = await runs([step("a", log)]).run("r", input);

  const again = await runs([step("a", log)]).run("r", { sku: "a" });

  expect(again).toEqual(first);
  expect(actsOf(log)).toEqual(["do a"]);
});

test("another input under the same id is refused", async () => {
  const { runs } = compensationWorld();
  await runs([step("a")]).run("r", input);

  const other = runs([step("a")]).run("r", { sku: "b" });

  await expect(other).rejects.toMatchObject({ code: "idempotency-key-reused", action: "reject" });
});

test("a step that is refused is undone with all before it, in reverse order", async () => {
  const { events, runs } = compensationWorld();
  const log: Log = [];
  const steps = [
    step("a", log),
    step("b", log),
    step("c", log, { forward: [refused] }),
    step("d", log),
  ];

  const outcome = await runs(steps).run("r", input);

  expect(actsOf(log)).toEqual(["do a", "do b", "do c", "undo c", "undo b", "undo a"]);
  const cause = { step: "c", code: "payment-declined", message: "declined" };
  expect(outcome).toEqual({ kind: "undone", cause });
  expect(log.slice(3)).toMatchObject([
    { call: { key: "r:c", input } },
    { call: { key: "r:b", input, result: "b is done" } },
    { call: { key: "r:a", input, result: "a is done" } },
  ]);
  expect(log[3]?.call).not.toHaveProperty("result");
  expect(events).toEqual([
    { kind: "forward-failed", run: "r", step: "c", error: refused },
    { kind: "undone", run: "r" },
  ]);
});

test("a step that may pass leaves the run where it is, and goes on there", async () => {
  const { runs } = compensationWorld();
  const log: Log = [];
  const steps = [step("a", log), step("b", log, { forward: [transient] })];

  await expect(runs(steps).run("r", input)).rejects.toBe(transient);
  const outcome = await runs(steps).run("r", input);

  expect(outcome.kind).toBe("completed");
  expect(actsOf(log)).toEqual(["do a", "do b", "do b"]);
});

test("a step that never answers is undone after its attempts", async () => {
  const { runs } = compensationWorld();
  const log: Log = [];
  const ill = step("b", log, { forward: Array.from({ length: 9 }, () => transient) });
  const made = runs([step("a", log), ill], { settings: { attemptsMax: 3 } });

  await expect(made.run("r", input)).rejects.toBe(transient);
  await expect(made.run("r", input)).rejects.toBe(transient);
  const outcome = await made.run("r", input);

  expect(outcome).toMatchObject({ kind: "undone", cause: { step: "b" } });
  expect(actsOf(log)).toEqual(["do a", "do b", "do b", "do b", "undo b", "undo a"]);
});

test("a run that was undone before it began never begins", async () => {
  const { runs } = compensationWorld();
  const log: Log = [];
  const made = runs([step("a", log)]);

  const undone = await made.undo("r", "the order was withdrawn");
  const late = await made.run("r", input);

  const cause = { code: "step-cancelled", message: "the order was withdrawn" };
  expect([undone, late]).toEqual([
    { kind: "undone", cause },
    { kind: "undone", cause },
  ]);
  expect(log).toEqual([]);
});

test("a run that is completed can be undone", async () => {
  const { runs } = compensationWorld();
  const log: Log = [];
  const made = runs([step("a", log), step("b", log)]);
  await made.run("r", input);

  const outcome = await made.undo("r", "sent back");

  expect(outcome).toMatchObject({ kind: "undone", cause: { message: "sent back" } });
  expect(actsOf(log).slice(2)).toEqual(["undo b", "undo a"]);
  expect(await made.run("r", input)).toEqual(outcome);
  expect(await made.undo("r", "again")).toEqual(outcome);
  expect(log).toHaveLength(4);
});

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

test("a run whose record names a step that is gone is not touched", async () => {
  const { runs } = compensationWorld();
  const log: Log = [];
  const steps = [step("a", log), step("b", log, { forward: [transient] })];
  await expect(runs(steps).run("r", input)).rejects.toBe(transient);

  const without = runs([step("a", log)]).undo("r", "gave up");

  await expect(without).rejects.toMatchObject({ code: "misconfigured", action: "retry" });
  expect(actsOf(log)).toEqual(["do a", "do b"]);
});

test("a record of another format is an error, never a fresh run", async () => {
  const { runs, store } = compensationWorld();
  await store.write("r", { version: 1, changeId: "x", data: { format: 2 } });

  const made = runs([step("a")]);

  await expect(made.run("r", input)).rejects.toMatchObject({ code: "unexpected" });
  await expect(made.undo("r", "why")).rejects.toMatchObject({ code: "unexpected" });
});

test("an answer that fits no record undoes the run", async () => {
  const { runs } = compensationWorld();
  const log: Log = [];
  const large: Step<Input> = { ...step("b", log), forward: async () => "x".repeat(300_000) };

  const outcome = await runs([step("a", log), large]).run("r", input);

  expect(outcome).toMatchObject({
    kind: "undone",
    cause: { step: "b", code: "payload-too-large" },
  });
  expect(actsOf(log)).toEqual(["do a", "undo b", "undo a"]);
});

test("an input that fits no record is refused before anything is done", async () => {
  const { runs, store } = compensationWorld();

  const made = runs([step("a")]).run("r", { sku: "x".repeat(200_000) });

  await expect(made).rejects.toMatchObject({ code: "payload-too-large", action: "reject" });
  expect(await store.read("r")).toBeUndefined();
});

test.for([
  ["no step", []],
  ["two of one name", [step("a"), step("a")]],
  ["a negative time", [{ ...step("a"), landsWithinMs: -1 }]],
] as const)("%s is refused when it is built", ([, steps]) => {
  const { runs } = compensationWorld();

  expect(() => runs(steps)).toThrow("A run needs at least one step, each with a name of its own");
});
