/**
 * What goes wrong on an event bus, as the swarm has it.
 */
import type { Rng } from "#kernel/rng";
import type { EventBusFaults } from "./event-bus.ts";
import type { FaultRates, FaultSwarm } from "./faults.ts";

export const BUS_FAULTS = {
  "bus-throttle": [0.02, 0.3],
  "bus-drop": [0.01, 0.1],
  "bus-repeat": [0.05, 0.4],
  "bus-delay": [0.05, 0.5],
} as const satisfies FaultRates;

const DELAY_MS_MAX = 60_000;

/** Those that the swarm does not have never happen. */
export function busFaults(swarm: FaultSwarm, rng: Rng): EventBusFaults {
  const hits = (fault: keyof typeof BUS_FAULTS): boolean => {
    if (!swarm.fires(fault)) return false;
    swarm.happened(fault);
    return true;
  };
  return {
    refuses: () => hits("bus-throttle"),
    drops: () => hits("bus-drop"),
    repeats: () => hits("bus-repeat"),
    delayMs: () => (hits("bus-delay") ? rng.int(DELAY_MS_MAX) : 0),
  };
}
