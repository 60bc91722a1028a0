/**
 * Proves a handler under faults: the production consumer runs it in simulated sandboxes that are
 * killed, frozen and raced, over a network that loses, delays and repeats, and after every write it
 * is compared with the same handler to which nothing ever happens.
 */
import { Failure } from "#kernel/failure";
import type { ConsumerSettings } from "#messaging";
import { minimise } from "../minimise.ts";
import type { FaultName, Scenario, Schedule } from "../scenario.ts";
import { referenceOf } from "./reference.ts";
import { runSchedule } from "./run-schedule.ts";
import type { Subject } from "./subject.ts";
import { numbered } from "./traffic.ts";
import { KIT_FAULTS, START } from "./world.ts";

export type ConsumerSimulation<Outside> = Subject<Outside> & {
  /** How many; each has its own seed and draws its own faults. Default 300. */
  readonly schedules?: number;
  /** Of the first schedule. Default 1. */
  readonly seed?: number;
  /** Default: each schedule draws some of all. Empty: none. */
  readonly faults?: readonly FaultName[];
  /** The consumer's. Default: each schedule draws its own. */
  readonly settings?: Partial<ConsumerSettings>;
};

export type SimulatedBreach = {
  /** `simulateConsumer` with this seed, its faults and `schedules: 1` runs it again. */
  readonly seed: number;
  /** As few as break it. */
  readonly faults: readonly FaultName[];
  /** `order`, `once`, `together`, `nothing-lost`, `fence` or `drains`. */
  readonly rule: string;
  readonly detail: string;
  /** Milliseconds since the beginning, who, what. */
  readonly trace: readonly string[];
};

export type SimulationReport = {
  readonly schedules: number;
  readonly steps: number;
  /** Messages whose effect was committed, over all schedules. */
  readonly applied: number;
  /** How often each fault took effect: what did not fire proves nothing. */
  readonly fired: Readonly<Record<FaultName, number>>;
  /** The run ends with the first one. */
  readonly breaches: readonly SimulatedBreach[];
};

/** By name, with the chances between which a schedule draws. */
export const SIMULATED_FAULTS: readonly FaultName[] = Object.keys(KIT_FAULTS);

/**
 * The same seed is the same schedule, as long as the handler reads no clock, no dice and no network
 * of its own.
 *
 * Errors: `misconfigured` (reject) for numbers and faults that there are not, no messages, and
 * expressions that the simulator does not read.
 */
export async function simulateConsumer<Outside = undefined>(
  simulation: ConsumerSimulation<Outside>,
): Promise<SimulationReport> {
  const { schedules = 300, seed = 1, faults } = checked(simulation);
  const scenario = await scenarioOf(simulation);
  const fired = new Map<FaultName, number>();
  let [steps, applied] = [0, 0];
  for (let done = 0; done < schedules; done += 1) {
    const schedule: Schedule = { seed: seed + done, ...(faults === undefined ? {} : { faults }) };
    const result = await scenario.run(schedule);
    steps += result.steps;
    applied += result.applied;
    for (const [name, times] of Object.entries(result.fired)) {
      fired.set(name, (fired.get(name) ?? 0) + times);
    }
    if (result.breach === undefined) continue;
    const breaches = [await smallest(scenario, schedule)];
    return { schedules: done + 1, steps, applied, fired: Object.fromEntries(fired), breaches };
  }
  return { schedules, steps, applied, fired: Object.fromEntries(fired), breaches: [] };
}

async function scenarioOf<Outside>(simulation: ConsumerSimulation<Outside>): Promise<Scenario> {
  const { settings = {} } = simulation;
  const messages = numbered(simulation.messages, START);
  const reference = await referenceOf(simulation, messages, START);
  const { isExternal } = reference;
  return {
    name: "consumer",
    faults: SIMULATED_FAULTS,
    branches: [],
    run: (schedule) =>
      runSchedule({ subject: simulation, messages, reference, settings, isExternal, schedule }),
  };
}

async function smallest(scenario: Scenario, schedule: Schedule): Promise<SimulatedBreach> {
  const { result } = await minimise(scenario, schedule);
  const { seed, faults, trace, breach } = result;
  return { seed, faults, rule: breach?.part ?? "", detail: breach?.detail ?? "", trace };
}

const SCHEDULES_MAX = 10_000_000;

function checked<Outside>(simulation: ConsumerSimulation<Outside>): ConsumerSimulation<Outside> {
  const { schedules = 1, seed = 1, faults = [], messages } = simulation;
  const unknown = faults.filter((name) => !SIMULATED_FAULTS.includes(name));
  const wrong = [
    ...(messages.length === 0 ? ["messages is empty: give some of every kind there is"] : []),
    ...(isCount(schedules, SCHEDULES_MAX) ? [] : [`schedules is ${schedules}: from 1 on`]),
    ...(isCount(seed, Number.MAX_SAFE_INTEGER) ? [] : [`seed is ${seed}: a whole number from 1`]),
    ...(unknown.length === 0
      ? []
      : [`there is no fault ${unknown.join(", ")}; there are ${SIMULATED_FAULTS.join(", ")}`]),
  ];
  if (wrong.length === 0) return simulation;
  throw new Failure("misconfigured", "reject", `The simulation cannot run: ${wrong.join("; ")}.`);
}

const isCount = (value: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= 1 && value <= most;
