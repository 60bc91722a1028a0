/**
 * Tests the tester: each wrong saga is found.
 */
import { expect, test } from "vitest";
import { PLANTED_SAGAS } from "./saga/planted.ts";

const SEEDS_MAX = 700;

test.for(PLANTED_SAGAS)("$name: $what", async ({ scenario, control }) => {
  let seed = 0;
  let detail: string | undefined;
  while (detail === undefined && seed < SEEDS_MAX) {
    seed += 1;
    detail = (await scenario.run({ seed })).breach?.detail;
  }

  expect(detail, `not found with seeds 1 to ${SEEDS_MAX}`).toBeDefined();
  const again = await scenario.run({ seed });
  expect(again.breach?.detail).toBe(detail);
  const right = await control.run({ seed });
  expect(right.breach, "the same schedule without the bug is broken, too").toBeUndefined();
});
