/**
 * What a planted bug of this scenario is made of.
 */
import type { BugWithControl } from "../planted/bug.ts";
import type { IdempotencyPlant } from "./plant.ts";
import { idempotencyScenario, idempotencyScenarioWith } from "./scenario.ts";

export type IdempotencyBug = BugWithControl;

/** @param what was forgotten or mistaken, as a reviewer would say it. */
export const idempotencyBug = (
  name: string,
  what: string,
  plant: IdempotencyPlant,
): IdempotencyBug => ({
  name,
  what,
  scenario: idempotencyScenarioWith(name, plant),
  control: idempotencyScenario,
});
