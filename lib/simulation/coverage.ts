/**
 * Whether a run says anything: every fault that was switched on has to take effect, and every
 * branch that the scenario declares has to be reached, a minimum number of times.
 */
import type { FaultName, Scenario } from "./scenario.ts";
import type { Totals } from "./totals.ts";

export type CoverageRow = { readonly name: string; readonly count: number };

export type Coverage = {
  /** Under this many nothing is judged: chance decides. */
  readonly isJudged: boolean;
  readonly minimum: number;
  /** How often each took effect, each was reached; in the order of their names. */
  readonly faults: readonly CoverageRow[];
  readonly branches: readonly CoverageRow[];
  /** Below the minimum. Empty when nothing is judged. */
  readonly missing: readonly CoverageRow[];
};

export const JUDGED_FROM_SCHEDULES = 1_000;
export const MINIMUM_PER_THOUSAND_SCHEDULES = 2;

/**
 * @param asked the faults that the run was limited to; then only these are judged, and no branch,
 * since a part of the faults need not lead to all of them
 */
export function coverageOf(
  totals: Totals,
  declared: Pick<Scenario, "faults" | "branches">,
  asked?: readonly FaultName[],
): Coverage {
  const minimum = Math.floor((totals.schedules * MINIMUM_PER_THOUSAND_SCHEDULES) / 1_000);
  const isJudged = totals.schedules >= JUDGED_FROM_SCHEDULES;
  const faults = [...(asked ?? declared.faults)]
    .sort()
    .map((name) => ({ name, count: totals.faults[name]?.fired ?? 0 }));
  const branches = (asked === undefined ? [...declared.branches] : [])
    .sort()
    .map((name) => ({ name, count: totals.branches[name] ?? 0 }));
  const missing = [...faults, ...branches].filter(({ count }) => count < minimum);
  return { isJudged, minimum, faults, branches, missing: isJudged ? missing : [] };
}
