/**
 * Which faults a schedule has, and when they fire. Each seed switches a random subset on with
 * random rates (a swarm), since faults that are always on hide what only some of them together
 * bring to light (Groce et al., "Swarm Testing", 2012).
 */
import type { Rng } from "#kernel/rng";
import { shuffled } from "#kernel/rng";
import type { FaultName, Schedule } from "./scenario.ts";

/** Chance at one occasion, from and to; a schedule draws its own between them. */
export type FaultRates = Readonly<Record<FaultName, readonly [from: number, to: number]>>;

export type FaultSwarm = {
  /** Those that this schedule has, in the order of their names. */
  readonly faults: readonly FaultName[];
  has(name: FaultName): boolean;
  /**
   * An occasion for the fault: whether it shall take effect now. What it does is counted by
   * `happened`, since an intention may find nothing to break.
   */
  fires(name: FaultName): boolean;
  happened(name: FaultName): void;
  /** From now on nothing fires. */
  heal(): void;
  /** Intentions so far; the schedule's `decisionsMax` bounds them. */
  decisions(): number;
  fired(): Readonly<Record<FaultName, number>>;
};

const FAULTS_MIN = 2;

type Fault = { readonly rng: Rng; readonly rate: number };

export function faultSwarm(rng: Rng, schedule: Schedule, rates: FaultRates): FaultSwarm {
  const { decisionsMax = Number.POSITIVE_INFINITY } = schedule;
  const faults = [...(schedule.faults ?? drawn(Object.keys(rates), rng.fork("subset")))].sort();
  // Each has numbers of its own, so that taking one out leaves the others as they were.
  const active = new Map(faults.map((name) => [name, fault(rng.fork(name), rates[name])]));
  const fired = new Map<FaultName, number>();
  let decisions = 0;
  let isHealed = false;

  return {
    faults,
    has: (name) => active.has(name),
    fires(name) {
      const found = isHealed ? undefined : active.get(name);
      if (found === undefined || found.rng.next() >= found.rate) return false;
      if (decisions >= decisionsMax) return false;
      decisions += 1;
      return true;
    },
    happened(name) {
      fired.set(name, (fired.get(name) ?? 0) + 1);
    },
    heal() {
      isHealed = true;
    },
    decisions: () => decisions,
    fired: () => Object.fromEntries(fired),
  };
}

/** Few and many faults are equally likely. */
function drawn(names: readonly FaultName[], rng: Rng): readonly FaultName[] {
  const count = FAULTS_MIN + rng.int(Math.max(1, names.length - FAULTS_MIN + 1));
  return shuffled(names, rng).slice(0, count);
}

function fault(rng: Rng, range: readonly [number, number] = [0, 0]): Fault {
  const [from, to] = range;
  return { rng, rate: from + rng.next() * (to - from) };
}
