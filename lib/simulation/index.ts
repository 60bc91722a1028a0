/**
 * What is published as `inorder/testing`: the simulator, for handlers of one's own.
 */
export {
  type ConsumerSimulation,
  SIMULATED_FAULTS,
  type SimulatedBreach,
  simulateConsumer,
  type SimulationReport,
} from "./kit/simulate-consumer.ts";
export type {
  SimulatedHandler,
  SimulatedItem,
  SimulatedMessage,
  SimulatedWrite,
  SimulationPlace,
} from "./kit/subject.ts";
export type { FaultName } from "./scenario.ts";
