/**
 * Repeats a call whose failure is expected to pass: few times, after pauses drawn at random, within
 * a budget and a deadline.
 */
import type { Clock } from "#kernel/clock";
import { isFailure } from "#kernel/failure";
import { fullJitter } from "#kernel/jitter";
import { type EpochMs, later } from "#kernel/units";
import { flowSettings } from "../flow-settings.ts";
import type { RetryBudget } from "./retry-budget.ts";

export type RetrySettings = {
  /** Attempts at one call, the first one included. Default 3. */
  readonly attemptsMax: number;
  /** The longest pause before the second attempt; doubled for each further one. Default 50. */
  readonly firstPauseMs: number;
  /** Where the doubling ends. Default 2,000. */
  readonly longestPauseMs: number;
};

/** Why a failed call was not repeated. */
export type RetryEnd = "not-retryable" | "attempts-used-up" | "budget-empty" | "deadline-near";

/** `kind` and `why` are bounded, so both may be dimensions of a metric. */
export type RetryEvent =
  /** A token was spent; the next attempt begins after the pause. */
  | { readonly kind: "repeated"; readonly attempt: number; readonly pauseMs: number }
  | { readonly kind: "given-up"; readonly attempt: number; readonly why: RetryEnd };

export type RetryOptions = {
  readonly clock: Clock;
  /** Answers a number in [0, 1): `Math.random`, or a seeded generator's. */
  readonly random: () => number;
  /** One for each dependency, kept for the sandbox's life. */
  readonly budget: RetryBudget;
  readonly settings?: Partial<RetrySettings>;
  /** By `clock`; no attempt begins at or after it. Default: none. */
  readonly deadline?: EpochMs;
  readonly observe?: (event: RetryEvent) => void;
};

const DEFAULTS: RetrySettings = { attemptsMax: 3, firstPauseMs: 50, longestPauseMs: 2_000 };

/**
 * Answers what the first successful attempt answers. Only a `Failure` with the action `retry` is
 * repeated, one whose outcome is unknown included: so the call must be safe to repeat, by its key
 * or by a condition.
 *
 * @param call told its attempt, from 1. It has to end by itself: nothing here cuts it off.
 * @throws the last attempt's error, as it is; Failure `misconfigured` for a setting that is out of
 * its range.
 */
export async function retry<Answer>(
  call: (attempt: number) => Promise<Answer>,
  { clock, random, budget, settings = {}, deadline, observe }: RetryOptions,
): Promise<Answer> {
  const { attemptsMax, firstPauseMs, longestPauseMs } = checked(settings);
  budget.payIn();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(attempt);
    } catch (error) {
      const pauses = { firstMs: firstPauseMs, longestMs: longestPauseMs };
      const pauseMs = fullJitter(pauses, attempt - 1, random);
      const endOf = (): RetryEnd | undefined => {
        if (!isFailure(error) || error.action !== "retry") return "not-retryable";
        if (attempt >= attemptsMax) return "attempts-used-up";
        const isLate = deadline !== undefined && later(clock.now(), pauseMs) >= deadline;
        if (isLate) return "deadline-near";
        return budget.spend() ? undefined : "budget-empty";
      };
      const why = endOf();
      if (why !== undefined) {
        observe?.({ kind: "given-up", attempt, why });
        throw error;
      }
      observe?.({ kind: "repeated", attempt: attempt + 1, pauseMs });
      await clock.sleep(pauseMs);
    }
  }
}

const checked = (given: Partial<RetrySettings>): RetrySettings =>
  flowSettings("retry", given, DEFAULTS, {
    attemptsMax: [1, 20],
    firstPauseMs: [0, 60_000],
    longestPauseMs: [0, 900_000],
  });
