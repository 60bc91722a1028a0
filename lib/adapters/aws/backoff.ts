/**
 * The pause before a refused request is repeated: longer each time, and drawn at random, so that
 * writers who met once do not meet again. Source: AWS Architecture Blog, "Exponential Backoff And
 * Jitter" (full jitter).
 */
import type { Clock } from "#kernel/clock";
import { milliseconds } from "#kernel/units";

const FIRST_MS = 25;
const LONGEST_MS = 400;

/** @param round from 0. */
export const backOff = (clock: Clock, round: number): Promise<void> =>
  clock.sleep(milliseconds(Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** round)));
