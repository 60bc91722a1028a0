/**
 * What repeated rounds say: the smallest, the middle and the largest, because one number of a busy
 * machine says nothing.
 */

export type Spread = { readonly min: number; readonly median: number; readonly max: number };

/** @throws Error without numbers. */
export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [min] = sorted;
  const median = percentile(sorted, 0.5);
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) throw new Error("A spread needs at least one number");
  return { min, median, max };
}

/** Nearest rank. @param sorted ascending, at least one. @param share from 0 to 1. */
export function percentile(sorted: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  const found = sorted[rank - 1];
  if (found === undefined) throw new Error("A percentile needs at least one number");
  return found;
}
