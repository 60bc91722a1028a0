/**
 * The pause before a refused request is repeated.
 */
import type { Clock } from "#kernel/clock";
import { fullJitter } from "#kernel/jitter";

const PAUSES = { firstMs: 25, longestMs: 400 };

/** @param round from 0. */
export const backOff = (clock: Clock, round: number, random = Math.random): Promise<void> =>
  clock.sleep(fullJitter(PAUSES, round, random));
