/**
 * Both sides in turn, again and again, each side alone while it runs: what disturbs the machine
 * meanwhile disturbs both. A library for micro-benchmarks does not fit: it takes the wall time of
 * one call at a time, and one side after the other
 * (docs/decisions/2026-11-21-the-benchmark-measures-rounds.md).
 */
import { type Spread, spreadOf } from "./spread.ts";

export type Sides<Side extends string> = Readonly<Record<Side, () => Promise<number>>>;

/**
 * A number of each side per round. The first rounds warm the machine's compiler up and are left
 * out.
 */
export async function rounds<Side extends string>(
  sides: Sides<Side>,
  { count, warmUp = 1 }: { readonly count: number; readonly warmUp?: number },
): Promise<Readonly<Record<Side, readonly number[]>>> {
  const names = Object.keys(sides) as Side[];
  const found = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    Side,
    number[]
  >;
  for (let round = 0; round < warmUp + count; round += 1) {
    // Whoever is first has the colder caches; they take turns at that, too.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const value = await sides[name]();
      if (round >= warmUp) found[name].push(value);
    }
  }
  return found;
}

/** Of each round one side against the other. */
export const ratios = (ours: readonly number[], theirs: readonly number[]): Spread =>
  spreadOf(ours.map((one, round) => one / (theirs[round] ?? Number.NaN)));

/** CPU of all threads of this process, collector included; microseconds. */
export async function cpuMicroseconds(act: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

export async function wallMs(act: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await act();
  return performance.now() - before;
}
