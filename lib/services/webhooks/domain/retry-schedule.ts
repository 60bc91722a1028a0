/**
 * When an attempt that failed is made again: over three days, each pause drawn at random up to its
 * length (full jitter), so that an endpoint that was down is not met by everything at once.
 */
import { type DurationMs, milliseconds, seconds } from "#kernel/units";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * The longest pause after each attempt.
 * Source: Standard Webhooks, "Deliverability and retries".
 */
const PAUSES_SECONDS = [
  5,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

export const ATTEMPTS_MAX = PAUSES_SECONDS.length + 1;

/** An endpoint that nothing has reached for so long is disabled. */
export const FAILING_MAX: DurationMs = seconds(5 * 24 * HOUR);

/**
 * The pause after this attempt (from 1); undefined after the last one.
 *
 * @param random answers a number in [0, 1).
 */
export function pauseAfter(attempt: number, random: () => number): DurationMs | undefined {
  const longest = PAUSES_SECONDS[attempt - 1];
  return longest === undefined ? undefined : milliseconds(Math.ceil(random() * longest * 1000));
}
