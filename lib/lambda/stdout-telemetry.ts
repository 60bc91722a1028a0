/**
 * Log lines as JSON and metrics in CloudWatch's embedded metric format, straight to standard
 * output: for consumers that bring no logger of their own. Counts are summed and leave as one line
 * per invocation.
 * Source: "Specification: Embedded metric format", Amazon CloudWatch User Guide.
 */
import type { ConsumerMetric } from "#contracts/consumer-metrics";
import { type Clock, systemClock } from "#kernel/clock";
import { isoInstant } from "#kernel/units";
import type { LogFields, TelemetryOf } from "#runtime/log";

export type ConsumerTelemetry = TelemetryOf<ConsumerMetric>;

export type StdoutTelemetryOptions = {
  /** The dimension `service` of every metric: the consumer's name. */
  readonly service: string;
  readonly namespace: string;
  readonly clock?: Pick<Clock, "now">;
  /** One line, without its end. Default: standard output, past Lambda's own wrapping of lines. */
  readonly write?: (line: string) => void;
};

export function stdoutTelemetry(options: StdoutTelemetryOptions): ConsumerTelemetry {
  const { service, namespace, clock = systemClock, write = toStdout } = options;
  const sums = new Map<ConsumerMetric, number>();
  const samples = new Map<ConsumerMetric, number[]>();
  let correlated: LogFields = {};

  const line =
    (level: "DEBUG" | "INFO" | "WARN" | "ERROR") =>
    (message: string, fields: LogFields = {}): void => {
      const timestamp = isoInstant(clock.now());
      write(jsonOf({ ...fields, ...correlated, level, message, service, timestamp }));
    };

  return {
    logger: { debug: line("DEBUG"), info: line("INFO"), warn: line("WARN"), error: line("ERROR") },
    correlate(fields) {
      correlated = { ...correlated, ...fields };
    },
    count(metric, value = 1) {
      if (value !== 0) sums.set(metric, (sums.get(metric) ?? 0) + value);
    },
    milliseconds(metric, value) {
      const known = samples.get(metric) ?? [];
      // A metric takes 100 values in one line; what is more is of no use to a percentile here.
      if (known.length < SAMPLES_MAX) samples.set(metric, [...known, value]);
    },
    flush() {
      const metrics = [
        ...[...sums.keys()].map((Name) => ({ Name, Unit: "Count" })),
        ...[...samples.keys()].map((Name) => ({ Name, Unit: "Milliseconds" })),
      ];
      if (metrics.length > 0) {
        const CloudWatchMetrics = [
          { Namespace: namespace, Dimensions: [["service"]], Metrics: metrics },
        ];
        const values = { ...Object.fromEntries(sums), ...Object.fromEntries(samples) };
        write(jsonOf({ _aws: { Timestamp: clock.now(), CloudWatchMetrics }, service, ...values }));
      }
      sums.clear();
      samples.clear();
      correlated = {};
    },
  };
}

const SAMPLES_MAX = 100;

/** `console` would wrap it into a record of Lambda's own, in which CloudWatch finds no metric. */
const toStdout = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Never throws: a value that JSON has no room for is named instead. */
function jsonOf(record: LogFields): string {
  try {
    return JSON.stringify(record, (_key, value: unknown) => plain(value));
  } catch (error) {
    const { level = "ERROR", message, service } = record;
    return JSON.stringify({ level, message, service, unwritable: String(error) });
  }
}

/** An error's own properties cannot be enumerated, and a bigint is no JSON. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return Object.assign({ name, message, stack }, value, cause === undefined ? {} : { cause });
}
