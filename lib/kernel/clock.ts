/**
 * The clock is passed in, so that rules and tests never read the machine's own time.
 */
import type { DurationMs, EpochMs } from "./units.ts";

/**
 * Contract: `now` never fails; `sleep` resolves after at least the given time, never rejects, and
 * may resolve earlier once `until` is aborted: whoever passes it looks at it afterwards.
 */
export type Clock = {
  now(): EpochMs;
  sleep(lasting: DurationMs, until?: AbortSignal): Promise<void>;
};

/** Calls `act` once, after at least the given time; the answer prevents it. */
export type Timer = (lasting: DurationMs, act: () => void) => () => void;

export const systemTimer: Timer = (lasting, act) => {
  const timeout = setTimeout(act, lasting);
  return () => clearTimeout(timeout);
};

export const systemClock: Clock = {
  now: () => Date.now() as EpochMs,
  sleep: (lasting, until) =>
    new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        until?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, lasting);
      if (until?.aborted === true) wake();
      else until?.addEventListener("abort", wake, { once: true });
    }),
};
