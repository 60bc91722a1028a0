/**
 * The clock is passed in, so that rules and tests never read the machine's own time.
 */
import type { DurationMs, EpochMs } from "./units.ts";

/** Contract: `now` never fails; `sleep` resolves after at least the given time. */
export type Clock = {
  now(): EpochMs;
  sleep(lasting: DurationMs): Promise<void>;
};

/** Calls `act` once, after at least the given time; the answer prevents it. */
export type Timer = (lasting: DurationMs, act: () => void) => () => void;

export const systemTimer: Timer = (lasting, act) => {
  const timeout = setTimeout(act, lasting);
  return () => clearTimeout(timeout);
};

export const systemClock: Clock = {
  now: () => Date.now() as EpochMs,
  sleep: (lasting) => new Promise((resolve) => setTimeout(resolve, lasting)),
};
