/**
 * Pauses that grow and are drawn at random, so that callers who were refused together do not come
 * back together. Source: "Timeouts, retries, and backoff with jitter", Amazon Builders' Library;
 * "Exponential Backoff And Jitter", AWS Architecture Blog (full jitter).
 */
import { type DurationMs, milliseconds } from "./units.ts";

export type PauseBounds = {
  /** The longest pause of round 0, in milliseconds; each further round doubles it. */
  readonly firstMs: number;
  /** Where the doubling ends, in milliseconds. */
  readonly longestMs: number;
};

/**
 * @param round from 0.
 * @param random answers a number in [0, 1).
 */
export const fullJitter = (
  { firstMs, longestMs }: PauseBounds,
  round: number,
  random: () => number,
): DurationMs => milliseconds(Math.floor(random() * Math.min(longestMs, firstMs * 2 ** round)));
