/**
 * Makes a breach small enough to be understood: as few faults as possible, then as few of their
 * decisions. What is left breaks the same invariant, and is a schedule that anybody can run again.
 */
import type { FaultName, Scenario, Schedule, ScheduleResult } from "./scenario.ts";

export type Minimised = {
  /** With its faults and `decisionsMax` written out: it depends on nothing that was drawn. */
  readonly schedule: Required<Schedule>;
  readonly result: ScheduleResult;
  readonly runs: number;
};

const RUNS_MAX = 300;

type Broken = ScheduleResult & Required<Pick<ScheduleResult, "breach">>;

/**
 * @throws when the schedule does not break: it was not found by the same code, or the scenario is
 * not deterministic
 */
export async function minimise(scenario: Scenario, schedule: Schedule): Promise<Minimised> {
  return await new Minimiser(scenario, schedule).run();
}

/** By its faults, then by their decisions, then by the length of its trace. */
export function isSmaller(one: ScheduleResult, other: ScheduleResult): boolean {
  const faults = one.faults.length - other.faults.length;
  const decisions = one.decisions - other.decisions;
  return (faults || decisions || one.trace.length - other.trace.length) < 0;
}

class Minimiser {
  readonly #scenario: Scenario;
  readonly #schedule: Schedule;
  #runs = 0;

  constructor(scenario: Scenario, schedule: Schedule) {
    this.#scenario = scenario;
    this.#schedule = schedule;
  }

  async run(): Promise<Minimised> {
    const { seed } = this.#schedule;
    const found = await this.#attempt(this.#schedule);
    if (found?.breach === undefined) {
      throw new Error(
        `seed ${seed} of ${this.#scenario.name} does not break when it is run again: ` +
          "the scenario is not deterministic, or it is not the one that was run",
      );
    }
    let broken: Broken = { ...found, breach: found.breach };
    let decisionsMax = this.#schedule.decisionsMax ?? Number.MAX_SAFE_INTEGER;
    for (;;) {
      const before = broken;
      broken = await this.#withFewerFaults(broken, decisionsMax);
      broken = await this.#withFewerDecisions(broken);
      // Fewer decisions can make a fault superfluous that was needed before.
      if (!isSmaller(broken, before) || this.#runs >= RUNS_MAX) break;
      decisionsMax = broken.decisions;
    }
    const { faults, decisions } = broken;
    return {
      schedule: { seed, faults, decisionsMax: decisions },
      result: broken,
      runs: this.#runs,
    };
  }

  async #withFewerFaults(broken: Broken, decisionsMax: number): Promise<Broken> {
    // Those that never took effect leave together.
    const fired = broken.faults.filter((name) => (broken.fired[name] ?? 0) > 0);
    const isCut = fired.length < broken.faults.length;
    const cut = isCut ? await this.#broken(broken, fired, decisionsMax) : undefined;
    let smallest = cut ?? broken;
    for (const name of smallest.faults) {
      const rest = smallest.faults.filter((other) => other !== name);
      smallest = (await this.#broken(smallest, rest, decisionsMax)) ?? smallest;
    }
    return smallest;
  }

  /** Bisection: the breach need not hold at every number in between, but it does at the answer. */
  async #withFewerDecisions(broken: Broken): Promise<Broken> {
    let smallest = broken;
    let least = 0;
    while (least < smallest.decisions) {
      const middle = Math.floor((least + smallest.decisions) / 2);
      const smaller = await this.#broken(smallest, smallest.faults, middle);
      if (smaller === undefined) least = middle + 1;
      else smallest = smaller;
    }
    return smallest;
  }

  /** Undefined: it holds, or something else breaks. */
  async #broken(
    { seed, breach }: Broken,
    faults: readonly FaultName[],
    decisionsMax: number,
  ): Promise<Broken | undefined> {
    const result = await this.#attempt({ seed, faults, decisionsMax });
    if (result?.breach?.invariant !== breach.invariant) return undefined;
    return { ...result, breach: result.breach };
  }

  async #attempt(schedule: Schedule): Promise<ScheduleResult | undefined> {
    if (this.#runs >= RUNS_MAX) return undefined;
    this.#runs += 1;
    return await this.#scenario.run(schedule);
  }
}
