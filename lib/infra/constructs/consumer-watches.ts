/**
 * What people are woken for about one ordered consumer: each with its threshold and what to do
 * first.
 */
import type { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { CONSUMER_METRICS, type ConsumerMetric } from "#contracts/consumer-metrics";
import type { Watch } from "./alarms.ts";
import type { ConsumerThresholds } from "./consumer-limits.ts";
import { inFlightWatch } from "./in-flight-watch.ts";
import { functionErrors, messagesVisible, oldestMessageAge, type Statistic } from "./metrics.ts";
import type { OrderedQueue } from "./ordered-queue.ts";
import type { ServiceFunction } from "./service-function.ts";

/** An ordered consumer, as far as it is looked at. */
export type WatchedConsumer = {
  readonly consumerName: string;
  readonly source: Pick<OrderedQueue, "queue" | "deadLetterQueue">;
  readonly consumer: Pick<ServiceFunction, "lambda">;
  readonly sweep: Pick<ServiceFunction, "lambda">;
  /** Statistic: by default the sum. */
  metric(name: ConsumerMetric, statistic?: Statistic): Metric;
};

export const consumerWatches = (
  consumer: WatchedConsumer,
  thresholds: ConsumerThresholds,
  { withHalts = true }: { readonly withHalts?: boolean } = {},
): readonly Watch[] => [
  ...queueWatches(consumer, thresholds),
  ...(withHalts ? [haltWatch(consumer)] : []),
  ...orderWatches(consumer, thresholds),
];

function queueWatches(
  { consumerName: name, source, consumer, sweep }: WatchedConsumer,
  { oldestMessageSeconds }: ConsumerThresholds,
): readonly Watch[] {
  return [
    {
      name: `${name}-dead-letters`,
      description: `Messages of ${name} were unreadable or given up. Look, then redrive them.`,
      metric: messagesVisible(source.deadLetterQueue),
      threshold: 1,
      critical: true,
    },
    {
      name: `${name}-oldest-message`,
      description: `A message of ${name} waits too long: the consumer fails or is too slow.`,
      metric: oldestMessageAge(source.queue),
      threshold: oldestMessageSeconds,
      minutes: 3,
    },
    inFlightWatch(name, source.queue),
    {
      name: `${name}-errors`,
      description: `The consumer of ${name} crashes or runs out of time; it never throws.`,
      metric: functionErrors(consumer.lambda),
      threshold: 1,
      minutes: 3,
    },
    {
      name: `${name}-sweep-errors`,
      description: `The sweep of ${name} fails: gaps and retries that are due wait for it.`,
      metric: functionErrors(sweep.lambda),
      threshold: 1,
      minutes: 3,
    },
  ];
}

const haltWatch = (consumer: WatchedConsumer): Watch => ({
  name: `${consumer.consumerName}-halted`,
  description:
    `A stream of ${consumer.consumerName} is halted: a message cannot be applied. ` +
    "Others go on.",
  // What stands, not what has just halted: it rings for as long as somebody is needed.
  metric: consumer.metric(CONSUMER_METRICS.streamsStanding, "Maximum"),
  threshold: 1,
});

function orderWatches(
  consumer: WatchedConsumer,
  { parkedMessages, commitP99Ms }: ConsumerThresholds,
): readonly Watch[] {
  const { consumerName: name } = consumer;
  return [
    {
      name: `${name}-violations`,
      description: `Messages of ${name} arrived against their stream's order. Ask their sender.`,
      metric: consumer.metric(CONSUMER_METRICS.violations),
      threshold: 1,
    },
    {
      name: `${name}-parked`,
      description: `A stream of ${name} parks half of what it may. Resolve its halt or gap.`,
      metric: consumer.metric(CONSUMER_METRICS.parkedLag, "Maximum"),
      threshold: parkedMessages,
    },
    {
      name: `${name}-commit-latency`,
      description: `A commit of ${name} in a hundred is too slow: a throttled or hot table.`,
      metric: consumer.metric(CONSUMER_METRICS.commitLatencyMs, "p99"),
      threshold: commitP99Ms,
      minutes: 3,
    },
  ];
}
