/**
 * Two releases of the consumer at once, as long as a deployment takes: an older one, with settings
 * and recoveries of its own, that does not know everything senders send by now.
 */
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import type { SimulatedProcess } from "#simulation/process";

/** At each cold start. */
export const RELEASE_FAULTS = { "older-release": [0.1, 0.7] } as const satisfies FaultRates;

export type Releases = {
  /** Whether this sandbox runs the older release now. */
  readonly isOlder: (process: SimulatedProcess) => boolean;
  /** From now on there is no older one; what still runs of it runs to its end. */
  readonly complete: () => void;
};

export function releases(swarm: FaultSwarm): Releases {
  const older = new Map<SimulatedProcess, boolean>();
  let isComplete = false;
  return {
    isOlder(process) {
      if (isComplete) return false;
      const known = older.get(process);
      if (known !== undefined) return known;
      const drawn = swarm.fires("older-release");
      if (drawn) swarm.happened("older-release");
      older.set(process, drawn);
      return drawn;
    },
    complete() {
      isComplete = true;
    },
  };
}
