/**
 * A clock that a test drives: sleeping moves it on at once, and it remembers how long was slept.
 */
import type { Clock } from "#kernel/clock";
import type { DurationMs, EpochMs } from "#kernel/units";

export type SteppingClock = Clock & {
  readonly slept: readonly number[];
  advance(by: number): void;
};

export function steppingClock(startsAt = Date.UTC(2030, 0, 1)): SteppingClock {
  let now = startsAt;
  const slept: number[] = [];
  return {
    slept,
    now: () => now as EpochMs,
    async sleep(lasting: DurationMs) {
      slept.push(lasting);
      now += lasting;
      // What is under way gets its turn, as it would while a real clock runs.
      await new Promise((resolve) => setImmediate(resolve));
    },
    advance(by) {
      now += by;
    },
  };
}
