// Tests the tester: each planted bug breaks an invariant after few schedules, and the same schedule
// without the bug breaks none.
import { expect, test } from "vitest";
import type { Scenario, ScheduleResult } from "#simulation/scenario";
import { PLANTED } from "./planted/all.ts";

/** Of the usual bug a hundred seeds are enough; the rest is for those that need a rare meeting. */
const SEEDS_MAX = 700;

/** Found too, but after more schedules than a test should run: `npm run simulate -- --planted`. */
const RARE: ReadonlySet<string> = new Set(["call-without-owner"]);

async function firstBreach(scenario: Scenario): Promise<ScheduleResult | undefined> {
  for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
    const result = await scenario.run({ seed });
    if (result.breach !== undefined) return result;
  }
  return undefined;
}

test.each(PLANTED.filter(({ name }) => !RARE.has(name)))("$name: $what", async (bug) => {
  const found = await firstBreach(bug.scenario);

  expect(found?.breach, `not found with seeds 1 to ${SEEDS_MAX}`).toBeDefined();
  const right = await bug.control.run({ seed: found?.seed ?? 1 });
  expect(right.breach, "the same schedule without the bug is broken, too").toBeUndefined();
});

test("each has a name of its own, and there are many", () => {
  const names = new Set(PLANTED.map(({ name }) => name));

  expect(names.size).toBe(PLANTED.length);
  expect(names.size).toBeGreaterThanOrEqual(40);
});

test("a bug that is found again behaves the same: a seed is all that it takes", async () => {
  const [bug] = PLANTED;
  const found = bug === undefined ? undefined : await firstBreach(bug.scenario);
  const again = await bug?.scenario.run({ seed: found?.seed ?? 1 });

  expect(again?.breach).toBeDefined();
  expect(again?.breach).toEqual(found?.breach);
  expect(again?.trace).toEqual(found?.trace);
});
