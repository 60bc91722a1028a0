// What a run does step by step, how it goes on, and what its record refuses.
import { expect, test } from "vitest";
import { memoryRecordStore } from "#adapters/memory/record-store";
import { memoryTable } from "#adapters/memory/table";
import type { Step } from "#messaging/flow/index";
import {
  actsOf,
  compensationWorld,
  type Input,
  type Log,
  refused,
  step,
  transient,
} from "../../../support/compensation-world.ts";

const input: Input = { sku: "a" };

test("steps are done in order, each with its own key and what was answered before", async () => {
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
