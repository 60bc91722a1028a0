/**
 * Powertools and the library side by side, seed for seed, under one fault at a time: every rule
 * that a schedule breaks is counted, not only the first.
 */
import type { FaultName, Schedule, ScheduleResult } from "#simulation/scenario";
import { runWorld } from "../world.ts";
import { RULES, type RuleName } from "./rules.ts";
import { type PowertoolsRun, runPowertools } from "./scenario.ts";

/** Schedules that break a rule, and the first seed among them. */
export type Broken = { readonly schedules: number; readonly firstSeed?: number };

export type ComparisonRow = {
  /** Undefined: none at all. */
  readonly fault: FaultName | undefined;
  readonly schedules: number;
  readonly powertools: Readonly<Record<RuleName, Broken>> & {
    /** Times that the fault took effect. */
    readonly fired: number;
    readonly deadLettered: number;
  };
  readonly ours: {
    /** Of any rule, those included that only the library is bound by. */
    readonly any: Broken;
    readonly fired: number;
    readonly deadLettered: number;
  };
};

export type Seeds = { readonly from: number; readonly count: number };

/** @param faults each is looked at alone; undefined stands for a schedule without any. */
export async function compare(
  { from, count }: Seeds,
  faults: readonly (FaultName | undefined)[],
): Promise<readonly ComparisonRow[]> {
  const seeds = Array.from({ length: count }, (_, index) => from + index);
  const rows: ComparisonRow[] = [];
  for (const fault of faults) {
    const theirs: PowertoolsRun[] = [];
    const ours: ScheduleResult[] = [];
    for (const seed of seeds) {
      const schedule: Schedule = { seed, faults: fault === undefined ? [] : [fault] };
      theirs.push(await runPowertools(schedule, () => undefined));
      ours.push(await runWorld({ schedule, kind: "effects" }));
    }
    rows.push(rowOf(fault, theirs, ours));
  }
  return rows;
}

function rowOf(
  fault: FaultName | undefined,
  theirs: readonly PowertoolsRun[],
  ours: readonly ScheduleResult[],
): ComparisonRow {
  const results = theirs.map(({ result }) => result);
  const breaking = (rule: RuleName): Broken =>
    broken(theirs.filter(({ findings }) => findings.some((one) => one.rule === rule)));
  const [order, once, kept, ending] = RULES.map(breaking);
  const none = { schedules: 0 };
  return {
    fault,
    schedules: ours.length,
    powertools: {
      order: order ?? none,
      once: once ?? none,
      kept: kept ?? none,
      ending: ending ?? none,
      ...counted(fault, results),
    },
    ours: {
      any: broken(ours.filter(({ breach }) => breach !== undefined).map((result) => ({ result }))),
      ...counted(fault, ours),
    },
  };
}

function broken(runs: readonly Pick<PowertoolsRun, "result">[]): Broken {
  const [first] = runs;
  if (first === undefined) return { schedules: 0 };
  return { schedules: runs.length, firstSeed: first.result.seed };
}

const counted = (fault: FaultName | undefined, results: readonly ScheduleResult[]) => ({
  fired: sum(results.map(({ fired }) => fired[fault ?? ""] ?? 0)),
  deadLettered: sum(results.map(({ branches }) => branches["queue-dead"] ?? 0)),
});

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
