/**
 * The ordered consumer under every fault: what `npm run simulate` runs.
 */
import type { Scenario } from "#simulation/scenario";
import { FAULTS } from "./ground.ts";
import type { Plant } from "./system.ts";
import { runWorld } from "./world.ts";

/** Each has to be reached again and again, else a run says little. */
const BRANCHES = [
  "subject-fold",
  "subject-effects",
  "subject-external",
  "routed-elsewhere",
  "log-fed",
  "redelivered",
  "redelivered-from-log",
  "tail-reconciled",
  "rewound",
  "begun-in-the-middle",
  "before-start",
  "head-refused",
  "halted-by-sequence-conflict",
  "halted-by-partition-mismatch",
  "halted-by-timestamp-anomaly",
  "halted-by-unknown",
  "invocation-answered",
  "invocation-crashed",
  "invocation-timed-out",
  "queue-dead",
  "queue-redriven",
  "dead-lettered",
  "fenced",
  "effect-refused",
  "parked",
  "parked-beside",
  "attempt-failed",
  "stream-halted",
  "stream-resumed",
  "decided",
  "decision-refused",
  "skipped",
  "redelivery-requested",
  "violation-filed",
  "returned-attempt-failed",
  "returned-claimed-by-another",
  "returned-deadline-near",
  "returned-store-failed",
  "zombie-commit",
  "resolved",
] as const;

export const messagingScenario: Scenario = scenarioWith("messaging");

/** @param plant something wrong in the place of something right. */
export function scenarioWith(name: string, plant?: Plant): Scenario {
  return {
    name,
    faults: Object.keys(FAULTS),
    branches: BRANCHES,
    run: (schedule) => runWorld({ schedule, ...(plant === undefined ? {} : { plant }) }),
  };
}
