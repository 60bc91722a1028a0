/**
 * What goes wrong between a queue and the function that its mapping invokes, as the swarm has it.
 */
import type { Rng } from "#kernel/rng";
import type { EventSourceFaults } from "./event-source.ts";
import type { FaultRates, FaultSwarm } from "./faults.ts";
import type { PickGroup } from "./fifo-queue.ts";

export const MAPPING_FAULTS = {
  "racing-twin": [0.01, 0.2],
  "lost-receive": [0.005, 0.05],
  "lost-delete": [0.005, 0.08],
  "late-batch": [0.005, 0.08],
} as const satisfies FaultRates;

/** Longer than a visibility timeout. */
const LATE_BATCH_MS_MAX = 20_000;

export function mappingFaults(swarm: FaultSwarm, rng: Rng): EventSourceFaults {
  const hits = (fault: keyof typeof MAPPING_FAULTS): boolean => {
    if (!swarm.fires(fault)) return false;
    swarm.happened(fault);
    return true;
  };
  return {
    losesReceive: () => hits("lost-receive"),
    losesDelete: () => hits("lost-delete"),
    repeats: () => hits("racing-twin"),
    delayMs: () => (hits("late-batch") ? rng.int(LATE_BATCH_MS_MAX) : 0),
  };
}

/** Mostly more of the same group; sometimes another, so that batches mix groups in every way. */
export const mixedGroups =
  (rng: Rng): PickGroup =>
  (available, previous) => {
    const isSame = previous !== undefined && available.includes(previous) && rng.int(4) > 0;
    return isSame ? previous : (available[rng.int(available.length)] ?? "");
  };
