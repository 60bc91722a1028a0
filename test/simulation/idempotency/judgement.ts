/**
 * The first thing that was wrong in a schedule, and how far two clocks in it may be apart.
 */
import type { Breach } from "#simulation/scenario";

/** Every clock is within this of the true time. */
export const SKEW_MS = 500;
/** So that two differ by no more than this, which is what the library is told. */
export const CLOCKS_APART_MS = 2 * SKEW_MS;

/** The invariants of this scenario, by their numbers. */
export const INVARIANT = { result: 5, once: 6, skip: 7, lock: 8, drains: 19 } as const;

export type Judgement = {
  readonly judge: (invariant: (typeof INVARIANT)[keyof typeof INVARIANT], detail: string) => void;
  readonly breach: () => Breach | undefined;
};

export function judgement(steps: () => number): Judgement {
  let breach: Breach | undefined;
  return {
    judge(invariant, detail) {
      breach ??= { invariant, detail, step: steps() };
    },
    breach: () => breach,
  };
}
