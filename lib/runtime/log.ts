/**
 * What a function says about itself, as ports: whoever counts or logs does not know where it goes.
 */

/** Values are JSON or errors. Never a token, a secret, a body or personal data. */
export type LogFields = { readonly [field: string]: unknown };

export type Log = {
  readonly debug: (message: string, fields?: LogFields) => void;
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
};

/**
 * Contract: never throws for what it is given; `flush` is called once at the end of every
 * invocation.
 */
export type TelemetryOf<Metric extends string> = {
  readonly logger: Log;
  /** Keys that every log line carries until the next `flush`. */
  readonly correlate: (fields: LogFields) => void;
  /** Adds to the metric's sum of this invocation; 1 by default, 0 adds nothing. */
  readonly count: (metric: Metric, value?: number) => void;
  /** One sample of a duration, in milliseconds. */
  readonly milliseconds: (metric: Metric, value: number) => void;
  readonly flush: () => void;
};
