// A breach is made as small as it can be, and stays the same breach.
import { expect, test } from "vitest";
import { isSmaller, minimise } from "#simulation/minimise";
import type { Scenario, Schedule, ScheduleResult } from "#simulation/scenario";
import {
  bitesTwice,
  TOY_FAULTS,
  toyScenario,
  type ToyRule,
} from "../../support/simulation/toy-scenario.ts";

const toy = toyScenario("toy", bitesTwice);

test("only the faults and the decisions are left that the breach needs", async () => {
  const { schedule, result } = await minimise(toy, { seed: 3, faults: TOY_FAULTS });

  // One bark and two bites are the least; more barks may come before the second bite.
  expect(schedule.faults).toEqual(["bark", "bite"]);
  expect(result.breach?.invariant).toBe(3);
  expect(result.fired["bite"]).toBe(2);
  expect(result.decisions).toBe(schedule.decisionsMax);
  const full = await toy.run({ seed: 3, faults: TOY_FAULTS });
  expect(result.trace.length).toBeLessThan(full.trace.length);
});

test("one decision less would not break it", async () => {
  const { schedule } = await minimise(toy, { seed: 3, faults: TOY_FAULTS });
  const { decisionsMax } = schedule;

  const less = await toy.run({ ...schedule, decisionsMax: decisionsMax - 1 });

  expect(less.breach).toBeUndefined();
});

test.each([1, 2, 3, 4, 5])(
  "of the many decisions of a run that ends badly only %i are left",
  async (needed) => {
    const late = toyScenario("late", ({ bite = 0 }, _seed, isAtEnd) =>
      isAtEnd && bite >= needed ? { invariant: 2, detail: `${bite} bites` } : undefined,
    );
    const full = await late.run({ seed: 4, faults: TOY_FAULTS });

    const { schedule, result } = await minimise(late, { seed: 4, faults: TOY_FAULTS });

    expect(full.fired["bite"]).toBeGreaterThan(needed);
    expect(schedule).toEqual({ seed: 4, faults: ["bite"], decisionsMax: needed });
    expect(result.breach?.detail).toBe(`${needed} bites`);
  },
);

test("a drawn subset of faults is written out, and the answer runs again", async () => {
  const seed = await seedThatBreaks(toy);

  const { schedule, result } = await minimise(toy, { seed });

  expect(await toy.run(schedule)).toEqual(result);
});

test("a breach that needs no fault is left with none", async () => {
  const always = toyScenario("always", () => ({ invariant: 1, detail: "always" }));

  const { schedule } = await minimise(always, { seed: 1 });

  expect(schedule).toEqual({ seed: 1, faults: [], decisionsMax: 0 });
});

test("another invariant that breaks with fewer faults is not taken for it", async () => {
  const rule: ToyRule = (state, ...more) => {
    const { bark = 0, bite = 0 } = state;
    // Without a bark something else goes wrong.
    if (bark === 0 && bite >= 3) return { invariant: 9, detail: "bites without a warning" };
    return bitesTwice(state, ...more);
  };
  const twofold = toyScenario("twofold", rule);

  const { schedule, result } = await minimise(twofold, { seed: 3, faults: ["bark", "bite"] });

  expect((await twofold.run({ seed: 3, faults: ["bite"] })).breach?.invariant).toBe(9);
  expect(schedule.faults).toEqual(["bark", "bite"]);
  expect(result.breach?.invariant).toBe(3);
});

test("what is small is not made smaller: the answer is its own answer", async () => {
  const { schedule, result } = await minimise(toy, { seed: 3, faults: TOY_FAULTS });

  expect(await minimise(toy, schedule)).toMatchObject({ schedule, result });
});

test.each([
  [["a"], 9, 9, ["a", "b"], 1, 1, true],
  [["a", "b"], 1, 1, ["a"], 9, 9, false],
  [["a"], 2, 9, ["b"], 3, 1, true],
  [["a"], 3, 1, ["b"], 3, 2, true],
  [["a"], 3, 2, ["b"], 3, 2, false],
])("faults weigh most, then decisions, then lines: %j %i %i", async (...given) => {
  const [faults, decisions, lines, otherFaults, otherDecisions, otherLines, expected] = given;
  const result = await toyScenario("sound").run({ seed: 1 });
  const trace = (length: number) => Array.from({ length }, () => "a line");

  const one = { ...result, faults, decisions, trace: trace(lines) };
  const less = { decisions: otherDecisions, trace: trace(otherLines) };
  const other = { ...result, faults: otherFaults, ...less };

  expect(isSmaller(one, other)).toBe(expected);
});

test("a schedule that holds is no breach to make small", async () => {
  await expect(minimise(toyScenario("sound"), { seed: 5 })).rejects.toThrow(
    /seed 5 of sound does not break/,
  );
});

test("it gives up in time", async () => {
  const schedules: Schedule[] = [];
  const names = Array.from({ length: 1_000 }, (_none, index) => `fault-${index}`);
  const fired = Object.fromEntries(names.map((name) => [name, 1]));
  const whole = await toyScenario("sound").run({ seed: 1 });
  const stubborn: Scenario = {
    ...toy,
    run(schedule) {
      schedules.push(schedule);
      const faults = schedule.faults ?? names;
      const isWhole = faults.length === names.length;
      const breach = isWhole ? { invariant: 1, detail: "needs all of them", step: 1 } : undefined;
      const result: ScheduleResult = {
        ...whole,
        faults,
        fired,
        decisions: 2_000,
        ...(breach === undefined ? {} : { breach }),
      };
      return Promise.resolve(result);
    },
  };

  const { schedule, runs } = await minimise(stubborn, { seed: 1 });

  expect(schedules).toHaveLength(runs);
  expect(runs).toBe(300);
  expect(schedule.faults).toEqual(names);
});

async function seedThatBreaks(scenario: Scenario): Promise<number> {
  for (let seed = 1; seed < 100; seed += 1) {
    if ((await scenario.run({ seed })).breach !== undefined) return seed;
  }
  throw new Error("no seed breaks");
}
