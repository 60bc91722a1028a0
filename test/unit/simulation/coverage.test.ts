// A run in which something never came up says nothing.
import { expect, test } from "vitest";
import {
  coverageOf,
  JUDGED_FROM_SCHEDULES,
  MINIMUM_PER_THOUSAND_SCHEDULES,
} from "#simulation/coverage";
import { NOTHING, type Totals } from "#simulation/totals";

const DECLARED = { faults: ["kill", "pause"], branches: ["parked", "fenced"] };

const totals = (schedules: number, kills: number, fenced: number): Totals => ({
  ...NOTHING,
  schedules,
  faults: {
    kill: { schedules, fired: kills, breaches: 0 },
    pause: { schedules, fired: 1_000, breaches: 0 },
  },
  branches: { parked: 1_000, fenced },
});

test("what came up often enough is not missing", () => {
  const minimum = 5 * MINIMUM_PER_THOUSAND_SCHEDULES;

  expect(coverageOf(totals(5_000, minimum, minimum), DECLARED)).toEqual({
    isJudged: true,
    minimum,
    faults: [
      { name: "kill", count: minimum },
      { name: "pause", count: 1_000 },
    ],
    branches: [
      { name: "fenced", count: minimum },
      { name: "parked", count: 1_000 },
    ],
    missing: [],
  });
});

test("faults and branches below the minimum are missing", () => {
  const short = 5 * MINIMUM_PER_THOUSAND_SCHEDULES - 1;

  expect(coverageOf(totals(5_000, short, short), DECLARED).missing).toEqual([
    { name: "kill", count: short },
    { name: "fenced", count: short },
  ]);
});

test("what never came up at all is missing too", () => {
  const declared = { ...DECLARED, faults: ["kill", "never"] };

  expect(coverageOf(totals(5_000, 100, 100), declared).missing).toEqual([
    { name: "never", count: 0 },
  ]);
});

test("the minimum grows with the schedules", () => {
  const minimumOf = (schedules: number): number => {
    return coverageOf(totals(schedules, 0, 0), DECLARED).minimum;
  };

  expect(minimumOf(20_000)).toBe(20 * MINIMUM_PER_THOUSAND_SCHEDULES);
  expect(minimumOf(1_000_000)).toBe(1_000 * MINIMUM_PER_THOUSAND_SCHEDULES);
});

test("too few schedules are not judged", () => {
  expect(coverageOf(totals(JUDGED_FROM_SCHEDULES - 1, 0, 0), DECLARED)).toMatchObject({
    isJudged: false,
    missing: [],
  });
  expect(coverageOf(totals(JUDGED_FROM_SCHEDULES, 0, 0), DECLARED)).toMatchObject({
    isJudged: true,
    missing: [{ name: "kill" }, { name: "fenced" }],
  });
});

test("a run with chosen faults answers for these only", () => {
  const { faults, branches, missing } = coverageOf(totals(5_000, 0, 0), DECLARED, ["pause"]);

  expect({ faults, branches, missing }).toEqual({
    faults: [{ name: "pause", count: 1_000 }],
    branches: [],
    missing: [],
  });
});
