/**
 * The first seeds of a scenario, run once for all tests that look at them, and what they ask of the
 * results.
 */
import type { ScheduleResult } from "#simulation/scenario";
import { withoutStacks } from "#simulation/without-stacks";

/** Begun by the first who asks. */
export function seedRuns(
  count: number,
  run: (seed: number) => Promise<ScheduleResult>,
): () => Promise<readonly ScheduleResult[]> {
  const runAll = async (): Promise<readonly ScheduleResult[]> => {
    const results: ScheduleResult[] = [];
    for (let seed = 1; seed <= count; seed += 1) {
      results.push(await withoutStacks(() => run(seed)));
    }
    return results;
  };
  let results: Promise<readonly ScheduleResult[]> | undefined;
  return () => (results ??= runAll());
}

export const breachesOf = (results: readonly ScheduleResult[]): readonly string[] =>
  results.flatMap(({ seed, breach }) =>
    breach === undefined ? [] : [`seed ${seed}: ${breach.invariant}: ${breach.detail}`],
  );

/** Those of `names` that no schedule counted. */
export const unreached = (
  names: readonly string[],
  counts: readonly Readonly<Record<string, number>>[],
): readonly string[] => names.filter((name) => counts.every((each) => (each[name] ?? 0) === 0));
