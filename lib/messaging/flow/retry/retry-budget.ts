/**
 * How many repetitions may be spent: a share of the calls, so that retrying cannot multiply the
 * load on a dependency that is down. Every call pays in a share of a token, every repetition takes
 * out a whole one.
 *
 *     calls       1    2  ...  10         11  ...  20
 *     tokens     0.1  0.2      1 -> 0    0.1      1 -> 0      one repetition in ten calls
 *
 * Source: "Timeouts, retries, and backoff with jitter", Amazon Builders' Library (retries are
 * limited by a local token bucket).
 */
import { flowSettings } from "../flow-settings.ts";

export type RetryBudgetSettings = {
  /** Tokens that one call pays in: repetitions per call in the long run. Default 0.1. */
  readonly share: number;
  /** Tokens that healthy times can save up: the most of one burst. Default 10. */
  readonly savedMax: number;
  /**
   * Tokens of a budget that has seen no call yet. Default 0: attempts <= (1 + `share`) x calls, at
   * every moment. Each token more is one attempt more, for each new sandbox.
   */
  readonly savedAtStart: number;
};

/**
 * One for each dependency and sandbox, shared by all that call it. Local: the bound holds for every
 * sandbox, and so for their sum.
 */
export type RetryBudget = {
  /** A call begins. */
  payIn(): void;
  /** Whether one repetition may be made; then it is spent. */
  spend(): boolean;
};

const DEFAULTS: RetryBudgetSettings = { share: 0.1, savedMax: 10, savedAtStart: 0 };

/** Whole thousandths add up exactly, fractions do not. */
const TOKEN = 1_000;

/**
 * Of N calls in a row, at most `savedMax` + `share` x N are repeated: by default at most 1.2 x the
 * calls are sent in any outage of 100 calls or more.
 *
 * @throws Failure `misconfigured` for a setting that is out of its range.
 */
export function retryBudget(given: Partial<RetryBudgetSettings> = {}): RetryBudget {
  const settings = flowSettings("a retry budget", given, DEFAULTS, {
    share: [0, 1, "fraction"],
    savedMax: [1, 1_000],
    savedAtStart: [0, 1_000],
  });
  const paidIn = Math.round(settings.share * TOKEN);
  const most = settings.savedMax * TOKEN;
  let saved = Math.min(most, settings.savedAtStart * TOKEN);
  return {
    payIn() {
      saved = Math.min(most, saved + paidIn);
    },
    spend() {
      if (saved < TOKEN) return false;
      saved -= TOKEN;
      return true;
    },
  };
}
