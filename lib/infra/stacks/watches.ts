/**
 * What people are called for, each with its threshold and what to do first.
 */
import { METRICS, SERVICES } from "#contracts/metrics";
import type { Stage } from "../config/stage.ts";
import type { Watch } from "../constructs/alarms.ts";
import {
  functionErrors,
  messagesVisible,
  oldestMessageAge,
  type OwnMetrics,
  streamAge,
} from "../constructs/metrics.ts";
import type { OrderedConsumer } from "../constructs/ordered-consumer.ts";
import type { ApplicationStack } from "./application.ts";
import type { DataStack } from "./data.ts";

export type Watched = {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly application: ApplicationStack;
  readonly own: OwnMetrics;
};

export function watches(watched: Watched): readonly Watch[] {
  return [
    ...watched.application.consumers.flatMap((consumer) => consumerWatches(consumer, watched)),
    ...outboxWatches(watched),
    ...sagaWatches(watched),
    ...apiWatches(watched),
  ];
}

const consumerWatches = (consumer: OrderedConsumer, watched: Watched): readonly Watch[] => [
  ...queueWatches(consumer, watched),
  ...orderWatches(consumer, watched),
];

function queueWatches(consumer: OrderedConsumer, { stage }: Watched): readonly Watch[] {
  const { service, source } = consumer;
  return [
    {
      name: `${service}-dead-letters`,
      description: `Messages of ${service} were unreadable or given up. Look, then redrive them.`,
      metric: messagesVisible(source.deadLetterQueue),
      threshold: 1,
      critical: true,
    },
    {
      name: `${service}-oldest-message`,
      description: `A message of ${service} waits too long: the consumer fails or is too slow.`,
      metric: oldestMessageAge(source.queue),
      threshold: stage.alarms.oldestMessageSeconds,
      minutes: 3,
    },
    {
      name: `${service}-errors`,
      description: `The consumer of ${service} crashes or runs out of time; it never throws.`,
      metric: functionErrors(consumer.consumer.lambda),
      threshold: 1,
      minutes: 3,
    },
    {
      name: `${service}-sweep-errors`,
      description: `The sweep of ${service} fails: gaps and retries that are due wait for it.`,
      metric: functionErrors(consumer.sweep.lambda),
      threshold: 1,
      minutes: 3,
    },
  ];
}

function orderWatches({ service }: OrderedConsumer, { stage, own }: Watched): readonly Watch[] {
  return [
    {
      name: `${service}-halted`,
      description: `A stream of ${service} is halted: a message cannot be applied. Others go on.`,
      metric: own(METRICS.streamsHalted, service),
      threshold: 1,
    },
    {
      name: `${service}-violations`,
      description: `Messages of ${service} arrived against their stream's order. Ask their sender.`,
      metric: own(METRICS.violations, service),
      threshold: 1,
    },
    {
      name: `${service}-parked`,
      description: `A stream of ${service} parks half of what it may. Resolve its halt or gap.`,
      metric: own(METRICS.parkedLag, service, "Maximum"),
      threshold: stage.alarms.parkedMessages,
    },
    {
      name: `${service}-commit-latency`,
      description: `A commit of ${service} in a hundred is too slow: a throttled or hot table.`,
      metric: own(METRICS.commitLatencyMs, service, "p99"),
      threshold: stage.alarms.commitP99Ms,
      minutes: 3,
    },
  ];
}

function outboxWatches({ stage, data, application, own }: Watched): readonly Watch[] {
  const { lambda } = application.relay.relay;
  return [
    {
      name: "outbox-given-up",
      description: "Committed events were not forwarded. Resend them from the event store.",
      metric: messagesVisible(data.relayGivenUp),
      threshold: 1,
      critical: true,
    },
    {
      name: "outbox-behind",
      description: "The relay is behind the event store: orders wait for their saga.",
      metric: streamAge(lambda),
      threshold: stage.alarms.oldestMessageSeconds * 1000,
      minutes: 3,
    },
    {
      name: "outbox-errors",
      description: "The relay crashes or runs out of time; its shard waits.",
      metric: functionErrors(lambda),
      threshold: 1,
      minutes: 3,
    },
    {
      name: "outbox-lost",
      description:
        "A consumer lacked the end of a stream; it was sent again. Find out what was given up.",
      metric: own(METRICS.streamsBehind, SERVICES.outbox),
      threshold: 1,
    },
    {
      name: "outbox-reconcile-errors",
      description: "The daily comparison of events with consumers failed. Invoke it again.",
      metric: functionErrors(application.reconcile.lambda),
      threshold: 1,
    },
  ];
}

function sagaWatches({ application, own }: Watched): readonly Watch[] {
  const { machine } = application.saga;
  return [
    {
      name: "saga-failed",
      description: "A saga ended in error: its compensation is not complete. Repair the order.",
      metric: machine.metricFailed(),
      threshold: 1,
      critical: true,
    },
    {
      name: "saga-timed-out",
      description: "A saga ran out of time. Repair the order.",
      metric: machine.metricTimedOut(),
      threshold: 1,
      critical: true,
    },
    {
      name: "saga-aborted",
      description: "Somebody stopped a saga. Repair the order.",
      metric: machine.metricAborted(),
      threshold: 1,
    },
    {
      name: "saga-needs-attention",
      description: "An order's saga cannot go on by itself. Repair the order.",
      metric: own(METRICS.sagasNeedAttention, SERVICES.sagaStart),
      threshold: 1,
      critical: true,
    },
  ];
}

function apiWatches({ stage, application }: Watched): readonly Watch[] {
  const { deploymentStage } = application.rest.api;
  return [
    {
      name: "api-server-errors",
      description: "The API answers 5xx. Look for the traceId in the functions' logs.",
      metric: deploymentStage.metricServerError({ statistic: "Sum" }),
      threshold: stage.alarms.serverErrors,
      critical: true,
    },
    {
      name: "api-latency",
      description: "One call in a hundred is too slow.",
      metric: deploymentStage.metricLatency({ statistic: "p99" }),
      threshold: stage.alarms.latencyP99Ms,
      minutes: 3,
    },
  ];
}
