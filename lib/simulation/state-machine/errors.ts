/**
 * What Step Functions does about an error of a state: whom it matches, and how long a retry waits.
 * Sources: Amazon States Language (states-language.net/spec.html), "Errors", "Retriers and
 * Catchers"; AWS Step Functions Developer Guide, "Handling errors in Step Functions workflows".
 */
import type { Rng } from "#kernel/rng";

export type TaskError = {
  /** Its error name. */
  readonly error: string;
  readonly cause: string;
};

export type Retrier = {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly backoffRate: number;
  readonly attemptsMax: number;
  /** Absent: the interval grows without a bound. */
  readonly delaySecondsMax?: number;
  readonly jitter: "FULL" | "NONE";
};

/** As the language has them where a definition says nothing. */
export const RETRIER_DEFAULTS = {
  intervalSeconds: 1,
  backoffRate: 2,
  attemptsMax: 3,
  jitter: "NONE",
} as const;

export const STATES_ERRORS = {
  all: "States.ALL",
  taskFailed: "States.TaskFailed",
  timeout: "States.Timeout",
  runtime: "States.Runtime",
  dataLimitExceeded: "States.DataLimitExceeded",
  queryEvaluation: "States.QueryEvaluationError",
  noChoiceMatched: "States.NoChoiceMatched",
} as const;

/** "Always cause the execution to fail": nothing retries or catches them. */
const TERMINAL: readonly string[] = [STATES_ERRORS.runtime, STATES_ERRORS.dataLimitExceeded];

/**
 * `States.ALL` matches every error but the terminal ones; `States.TaskFailed` also leaves out
 * `States.Timeout`; every other name matches itself, in its case.
 */
export function matchesError(errorEquals: readonly string[], error: string): boolean {
  if (TERMINAL.includes(error)) return false;
  return errorEquals.some((name) => {
    if (name === error || name === STATES_ERRORS.all) return true;
    return name === STATES_ERRORS.taskFailed && error !== STATES_ERRORS.timeout;
  });
}

/**
 * Before the retry of that number, counted from 1: the interval times the rate for each retry
 * before it, at most the bound; FULL jitter waits anything from nothing to that.
 */
export function retryDelayMs(retrier: Retrier, retry: number, rng: Rng): number {
  const { intervalSeconds, backoffRate, delaySecondsMax = Number.POSITIVE_INFINITY } = retrier;
  const seconds = Math.min(delaySecondsMax, intervalSeconds * backoffRate ** (retry - 1));
  const share = retrier.jitter === "FULL" ? rng.next() : 1;
  return Math.round(share * seconds * 1_000);
}
