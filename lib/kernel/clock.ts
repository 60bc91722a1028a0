/**
 * The clock is passed in, so that rules and tests never read the machine's own time.
 */
import type { DurationMs, EpochMs } from "./units.ts";

/** Contract: `now` never fails; `sleep` resolves after at least the given time. */
export type Clock = {
  now(): EpochMs;
  sleep(lasting: DurationMs): Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now() as EpochMs,
  sleep: (lasting) => new Promise((resolve) => setTimeout(resolve, lasting)),
};
