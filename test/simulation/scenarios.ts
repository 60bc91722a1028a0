/**
 * Every scenario of the product: none of them may ever break an invariant.
 */
import type { Scenario } from "#simulation/scenario";
import { idempotencyScenario } from "./idempotency/scenario.ts";
import { messagingScenario } from "./messaging-scenario.ts";
import { sagaScenario } from "./saga/scenario.ts";
import { stockScenario } from "./stock/scenario.ts";

export const SCENARIOS: readonly Scenario[] = [
  messagingScenario,
  sagaScenario,
  idempotencyScenario,
  stockScenario,
];
