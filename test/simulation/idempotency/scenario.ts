/**
 * Idempotent effects and distributed locks under every fault.
 */
import type { Scenario } from "#simulation/scenario";
import { IDEMPOTENCY_FAULTS } from "./ground.ts";
import type { IdempotencyPlant } from "./plant.ts";
import { runIdempotency } from "./world.ts";

/** Each has to be reached again and again, else a run says little. */
const BRANCHES = [
  "invocation-answered",
  "invocation-crashed",
  "invocation-timed-out",
  "effects-fenced",
  "effects-unfenced",
  "hits",
  "misses",
  "conflicts",
  "stale",
  "inProgress",
  "expired",
  "takenOver",
  "released",
  "lost",
  "omitted",
  "evicted",
  "hintsRight",
  "hintsWrong",
  "bytesStored",
  "bytesReplayed",
  "told-ran",
  "told-replayed",
  "told-stale",
  "told-conflict",
  "told-idempotency-key-reused",
  "told-outcome-pending",
  "told-outcome-unknown",
  "told-payload-too-large",
  "guard-seen",
  "guard-held",
  "lock-acquired",
  "lock-not-acquired",
  "lock-lost-lease-ended",
  "lock-lost-held-too-long",
  "lock-extend-failed",
  "lock-release-failed",
  "job-done",
  "job-lock-lost",
] as const;

export const idempotencyScenario: Scenario = idempotencyScenarioWith("idempotency");

/** @param plant something wrong in the place of something right. */
export function idempotencyScenarioWith(name: string, plant?: IdempotencyPlant): Scenario {
  return {
    name,
    faults: Object.keys(IDEMPOTENCY_FAULTS),
    branches: BRANCHES,
    run: (schedule) => runIdempotency({ schedule, ...(plant === undefined ? {} : { plant }) }),
  };
}
