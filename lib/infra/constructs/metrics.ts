/**
 * The metrics that alarms and the dashboard look at: the functions' own (by the names of the
 * contracts) and those of AWS. Plain metrics only; a sum of two is two.
 */
import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { MetricName } from "#contracts/metrics";

export type Statistic = "Sum" | "Maximum" | "p50" | "p99";

const PERIOD = Duration.minutes(1);

/** A metric that the functions themselves count. */
export type OwnMetrics = (
  metricName: MetricName,
  service: string,
  /** Default: the sum. */
  statistic?: Statistic,
) => Metric;

export const ownMetrics =
  (namespace: string): OwnMetrics =>
  (metricName, service, statistic = "Sum") =>
    new Metric({
      namespace,
      metricName,
      dimensionsMap: { service },
      statistic,
      period: PERIOD,
    });

/** For graphs only: an alarm on a metric with a label is metric math to CloudWatch. */
export const labelled = (metric: Metric, label: string): Metric => metric.with({ label });

/**
 * For graphs only: what of a whole a part is, in per cent.
 *
 * @param name of the line, lower-case letters, each once in a graph
 */
export function share(name: string, part: Metric, others: readonly Metric[]): IMetric {
  const summands = [part, ...others].map((metric, index) => ({ id: `${name}${index}`, metric }));
  const whole = summands.map(({ id }) => `FILL(${id}, 0)`).join(" + ");
  return new MathExpression({
    label: name,
    period: PERIOD,
    expression: `100 * FILL(${name}0, 0) / (${whole})`,
    usingMetrics: Object.fromEntries(summands.map(({ id, metric }) => [id, metric])),
  });
}

export const messagesVisible = (queue: IQueue): Metric =>
  queue.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", period: PERIOD });

/** Received and not yet deleted: worked on, or hidden until it is tried again. */
export const messagesInFlight = (queue: IQueue): Metric =>
  queue.metricApproximateNumberOfMessagesNotVisible({ statistic: "Maximum", period: PERIOD });

export const oldestMessageAge = (queue: IQueue): Metric =>
  queue.metricApproximateAgeOfOldestMessage({ statistic: "Maximum", period: PERIOD });

export const functionErrors = (lambda: IFunction): Metric =>
  lambda.metricErrors({ statistic: "Sum", period: PERIOD });

/** Milliseconds; how far a stream's reader is behind. */
export const streamAge = (lambda: IFunction): Metric =>
  lambda.metric("IteratorAge", { statistic: "Maximum", period: PERIOD });
