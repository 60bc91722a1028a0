/**
 * The order saga as it ships, under every fault.
 */
import type { Scenario } from "#simulation/scenario";
import type { SagaPlant } from "./plant.ts";
import { runSagas, SAGA_FAULTS } from "./world.ts";

const BRANCHES: readonly string[] = [];

export const sagaScenario: Scenario = sagaScenarioWith("saga");

/** @param plant something wrong in the place of something right. */
export function sagaScenarioWith(name: string, plant?: SagaPlant): Scenario {
  return {
    name,
    faults: Object.keys(SAGA_FAULTS),
    branches: BRANCHES,
    run: (schedule) => runSagas({ schedule, ...(plant === undefined ? {} : { plant }) }),
  };
}
