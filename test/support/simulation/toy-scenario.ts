/**
 * A scenario of a few lines, for the tests of what runs scenarios: it has faults and branches,
 * draws from its seed, and breaks when it is told to.
 */
import { seededRng } from "#kernel/rng";
import { faultSwarm } from "#simulation/faults";
import type { Breach, Scenario, ScheduleResult } from "#simulation/scenario";

/** What a toy has been through: how often each fault took effect. */
export type ToyState = Readonly<Record<string, number>>;

/** Undefined: it holds. */
export type ToyRule = (
  state: ToyState,
  seed: number,
  isAtEnd: boolean,
) => Omit<Breach, "step"> | undefined;

const RATES = {
  bark: [0.1, 0.3],
  bite: [0.1, 0.3],
  chase: [0.1, 0.3],
  dig: [0.1, 0.3],
  howl: [0.1, 0.3],
} as const;
export const TOY_FAULTS = Object.keys(RATES);

const STEPS = 40;
const STEP_MS = 1_000;

export function toyScenario(name: string, rule: ToyRule = () => undefined): Scenario {
  return {
    name,
    faults: TOY_FAULTS,
    branches: ["quiet", "noisy"],
    run: (schedule) => {
      const rng = seededRng(schedule.seed);
      const swarm = faultSwarm(rng.fork("faults"), schedule, RATES);
      const trace: string[] = [];
      let breach: Breach | undefined;
      let step = 0;
      while (step < STEPS && breach === undefined) {
        step += 1;
        for (const fault of TOY_FAULTS.filter((one) => swarm.fires(one))) {
          swarm.happened(fault);
          trace.push(`${step} ${fault}`);
        }
        const broken = rule(swarm.fired(), schedule.seed, step === STEPS);
        if (broken !== undefined) breach = { ...broken, step };
      }
      const result: ScheduleResult = {
        seed: schedule.seed,
        faults: swarm.faults,
        steps: step,
        virtualMs: step * STEP_MS,
        applied: step * 2,
        decisions: swarm.decisions(),
        fired: swarm.fired(),
        branches: { [trace.length > 10 ? "noisy" : "quiet"]: 1 },
        ...(breach === undefined ? {} : { breach }),
        trace: breach === undefined ? [] : trace,
      };
      return Promise.resolve(result);
    },
  };
}

/** Breaks invariant 3 with the second bite after a bark, whatever else goes on. */
export const bitesTwice: ToyRule = ({ bark = 0, bite = 0 }) =>
  bark >= 1 && bite >= 2 ? { invariant: 3, detail: `${bite} bites` } : undefined;
