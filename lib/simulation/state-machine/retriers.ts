/**
 * The `Retry` field of a state.
 */
import { type Retrier, RETRIER_DEFAULTS } from "./errors.ts";
import { misread } from "./expressions.ts";
import type { Fields } from "./fields.ts";

/** Bounds of the language and of AWS; a delay is shorter than 366 days. */
const INTERVAL_SECONDS_MAX = 99_999_999;
const ATTEMPTS_MAX = 99_999_999;
const DELAY_SECONDS_MAX = 31_622_399;
const BACKOFF_RATE_MAX = Number.MAX_VALUE;

const FIELDS = [
  "Comment",
  "ErrorEquals",
  "IntervalSeconds",
  "BackoffRate",
  "MaxAttempts",
  "MaxDelaySeconds",
  "JitterStrategy",
];

export function readRetriers(fields: Fields): readonly Retrier[] {
  const all = fields.list("Retry");
  return all.map((each, index) => readRetrier(each, index === all.length - 1));
}

function readRetrier(fields: Fields, isLast: boolean): Retrier {
  fields.allow(FIELDS);
  const { intervalSeconds, backoffRate, attemptsMax } = RETRIER_DEFAULTS;
  const interval = fields.whole("IntervalSeconds", 1, INTERVAL_SECONDS_MAX) ?? intervalSeconds;
  const delaySecondsMax = fields.whole("MaxDelaySeconds", 1, DELAY_SECONDS_MAX);
  if (delaySecondsMax !== undefined && delaySecondsMax <= interval) {
    const rule = `it is longer than IntervalSeconds (${interval})`;
    throw misread(`${fields.name}.MaxDelaySeconds`, `${rule}; received ${delaySecondsMax}`);
  }
  return {
    errorEquals: fields.errorNames(isLast),
    intervalSeconds: interval,
    backoffRate: fields.number("BackoffRate", 1, BACKOFF_RATE_MAX) ?? backoffRate,
    attemptsMax: fields.whole("MaxAttempts", 0, ATTEMPTS_MAX) ?? attemptsMax,
    ...(delaySecondsMax !== undefined && { delaySecondsMax }),
    jitter: readJitter(fields),
  };
}

function readJitter(fields: Fields): Retrier["jitter"] {
  const jitter = fields.value("JitterStrategy") ?? RETRIER_DEFAULTS.jitter;
  if (jitter === "FULL" || jitter === "NONE") return jitter;
  const where = `${fields.name}.JitterStrategy`;
  throw misread(where, `it is FULL or NONE; received ${JSON.stringify(jitter)}`);
}
