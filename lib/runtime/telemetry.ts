/**
 * Structured logs and EMF metrics of one service. Counts are summed in memory and leave as one EMF
 * blob per invocation, so a batch of a hundred messages costs one log line.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { metricNamespace, type MetricName, type ServiceName } from "#contracts/metrics";
import { config } from "./config.ts";
import type { TelemetryOf } from "./log.ts";

export type Telemetry = TelemetryOf<MetricName>;

const opened = new Map<ServiceName, Telemetry>();

/**
 * One per service and sandbox: a function and its onion share it, so their counts leave in the same
 * blob. Errors: `misconfigured` (reject) without a stage.
 */
export function telemetry(service: ServiceName): Telemetry {
  const present = opened.get(service);
  if (present !== undefined) return present;
  const fresh = powertoolsTelemetry(service);
  opened.set(service, fresh);
  return fresh;
}

function powertoolsTelemetry(service: ServiceName): Telemetry {
  const logger = new Logger({ serviceName: service });
  const namespace = metricNamespace(config("STAGE").STAGE);
  const metrics = new Metrics({ namespace, serviceName: service });
  const sums = new Map<MetricName, number>();

  return {
    logger: {
      debug: (message, fields = {}) => logger.debug(message, { ...fields }),
      info: (message, fields = {}) => logger.info(message, { ...fields }),
      warn: (message, fields = {}) => logger.warn(message, { ...fields }),
      error: (message, fields = {}) => logger.error(message, { ...fields }),
    },
    correlate: (fields) => logger.appendKeys({ ...fields }),
    count(metric, value = 1) {
      if (value !== 0) sums.set(metric, (sums.get(metric) ?? 0) + value);
    },
    milliseconds(metric, value) {
      metrics.addMetric(metric, MetricUnit.Milliseconds, value);
    },
    flush() {
      for (const [metric, sum] of sums) metrics.addMetric(metric, MetricUnit.Count, sum);
      sums.clear();
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
      logger.resetKeys();
    },
  };
}
