/**
 * What many schedules add up to. Adding is commutative and associative, and the outcome is written
 * in one order, so that it does not depend on how many threads ran them or which ended first.
 */
import type { Breach, FaultName, ScheduleResult } from "./scenario.ts";

export type FaultTotals = {
  /** Schedules that had it switched on. */
  readonly schedules: number;
  readonly fired: number;
  /** Schedules in which it took effect and an invariant broke; others may have had a part too. */
  readonly breaches: number;
};

export type InvariantTotals = { readonly schedules: number; readonly firstSeed: number };

export type FoundBreach = Breach & {
  readonly seed: number;
  readonly faults: readonly FaultName[];
};

export type Totals = {
  readonly schedules: number;
  readonly steps: number;
  readonly virtualMs: number;
  readonly applied: number;
  /** Schedules with a breach. */
  readonly broken: number;
  readonly faults: Readonly<Record<FaultName, FaultTotals>>;
  readonly branches: Readonly<Record<string, number>>;
  /** Those that broke, by number, or by number and part: `2` or `2 once`. */
  readonly invariants: Readonly<Record<string, InvariantTotals>>;
  /** Those of the lowest seeds, `BREACHES_KEPT` at most. */
  readonly breaches: readonly FoundBreach[];
};

export const BREACHES_KEPT = 10;

export const NOTHING: Totals = {
  schedules: 0,
  steps: 0,
  virtualMs: 0,
  applied: 0,
  broken: 0,
  faults: {},
  branches: {},
  invariants: {},
  breaches: [],
};

export function totalsOf(result: ScheduleResult): Totals {
  const { seed, steps, applied, breach, fired, branches } = result;
  const names = new Set([...result.faults, ...Object.keys(fired)]);
  const faults = [...names].map((name) => {
    const times = fired[name] ?? 0;
    const breaches = breach !== undefined && times > 0 ? 1 : 0;
    return [name, { schedules: 1, fired: times, breaches }] as const;
  });
  const broken = result.breaches ?? (breach === undefined ? [] : [breach]);
  const labels = broken.map(({ invariant, part }) => [invariant, part ?? []].flat().join(" "));
  return {
    schedules: 1,
    steps,
    // Parts of a millisecond would make a sum depend on its order.
    virtualMs: Math.round(result.virtualMs),
    applied,
    broken: breach === undefined ? 0 : 1,
    faults: Object.fromEntries(faults),
    branches,
    invariants: Object.fromEntries(
      labels.map((label) => [label, { schedules: 1, firstSeed: seed }]),
    ),
    breaches: breach === undefined ? [] : [{ seed, faults: result.faults, ...breach }],
  };
}

export function summed(parts: readonly Totals[]): Totals {
  const sumOf = (value: (part: Totals) => number): number =>
    parts.reduce((sum, part) => sum + value(part), 0);
  return {
    schedules: sumOf(({ schedules }) => schedules),
    steps: sumOf(({ steps }) => steps),
    virtualMs: sumOf(({ virtualMs }) => virtualMs),
    applied: sumOf(({ applied }) => applied),
    broken: sumOf(({ broken }) => broken),
    faults: joined(
      parts.map(({ faults }) => faults),
      addFaults,
    ),
    branches: joined(
      parts.map(({ branches }) => branches),
      (here, there) => here + there,
    ),
    invariants: joined(
      parts.map(({ invariants }) => invariants),
      addInvariants,
    ),
    breaches: parts
      .flatMap(({ breaches }) => breaches)
      .sort((here, there) => here.seed - there.seed)
      .slice(0, BREACHES_KEPT),
  };
}

const addFaults = (one: FaultTotals, other: FaultTotals): FaultTotals => ({
  schedules: one.schedules + other.schedules,
  fired: one.fired + other.fired,
  breaches: one.breaches + other.breaches,
});

const addInvariants = (one: InvariantTotals, other: InvariantTotals): InvariantTotals => ({
  schedules: one.schedules + other.schedules,
  firstSeed: Math.min(one.firstSeed, other.firstSeed),
});

/** Keys in the order of their names, whoever brought them. */
function joined<Value>(
  records: readonly Readonly<Record<string, Value>>[],
  add: (one: Value, other: Value) => Value,
): Readonly<Record<string, Value>> {
  const values = new Map<string, Value>();
  for (const record of records) {
    for (const [name, there] of Object.entries(record)) {
      const here = values.get(name);
      values.set(name, here === undefined ? there : add(here, there));
    }
  }
  return Object.fromEntries([...values].sort(([here], [there]) => (here < there ? -1 : 1)));
}
