/**
 * What people are called for, each with its threshold and what to do first.
 */
import { METRICS, SERVICES } from "#contracts/metrics";
import type { Stage } from "../config/stage.ts";
import type { Watch } from "../constructs/alarms.ts";
import {
  functionErrors,
  messagesVisible,
  type OwnMetrics,
  streamAge,
} from "../constructs/metrics.ts";
import type { ApplicationStack } from "./application.ts";
import type { DataStack } from "./data.ts";
import { webhookWatches } from "./webhook-watches.ts";

export type Watched = {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly application: ApplicationStack;
  readonly own: OwnMetrics;
};

export function watches(watched: Watched): readonly Watch[] {
  return [
    ...watched.application.consumers.flatMap((consumer) => consumer.watches),
    ...outboxWatches(watched),
    ...searchWatches(watched),
    ...clockWatches(watched),
    ...stockWatches(watched),
    ...sagaWatches(watched),
    ...webhookWatches(watched),
    ...paymentWatches(watched),
    ...apiWatches(watched),
  ];
}

function outboxWatches({ stage, data, application, own }: Watched): readonly Watch[] {
  const { lambda } = application.relays.relay.relay;
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
  ];
}

const searchWatches = ({ stage, application }: Watched): readonly Watch[] => [
  {
    name: "search-behind",
    description: "Changed products do not reach the search index: its snapshot is not written.",
    metric: streamAge(application.relays.searchBuilder.reader.lambda),
    threshold: stage.alarms.oldestMessageSeconds * 1000,
    minutes: 3,
  },
];

const clockWatches = ({ application }: Watched): readonly Watch[] =>
  application.scheduled.map(({ name, lambda, onErrors }) => ({
    name: `${name.replace("/", "-")}-errors`,
    description: onErrors,
    metric: functionErrors(lambda),
    threshold: 1,
  }));

const stockWatches = ({ application, own }: Watched): readonly Watch[] => [
  {
    name: "stock-holds-overdue",
    description: "Holds kept their stock for ten minutes after their end. Look at the expiry.",
    metric: own(METRICS.holdsOverdue, SERVICES.inventory),
    threshold: 1,
    minutes: 3,
  },
  ...application.relays.handOvers.watches,
];

function sagaWatches({ application, own }: Watched): readonly Watch[] {
  const { machine } = application.saga;
  const refunds = application.refunds.machine;
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
      name: "refund-failed",
      description: "A refund ended in error: money is owed to a customer. Repair it.",
      metric: refunds.metricFailed(),
      threshold: 1,
      critical: true,
    },
    {
      name: "refund-timed-out",
      description: "A refund ran out of time: money is owed to a customer. Repair it.",
      metric: refunds.metricTimedOut(),
      threshold: 1,
      critical: true,
    },
    {
      name: "refund-aborted",
      description: "Somebody stopped a refund: money may be owed to a customer. Repair it.",
      metric: refunds.metricAborted(),
      threshold: 1,
    },
    {
      name: "saga-late",
      description: "A saga or a refund goes on for too long. Look at what it waits for.",
      metric: own(METRICS.sagasLate, SERVICES.sagaStart),
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

const paymentWatches = ({ application, own }: Watched): readonly Watch[] => [
  ...application.relays.paymentReports.watches,
  {
    name: "payments-differ",
    description: "The provider and our books do not agree about a payment.",
    metric: own(METRICS.paymentDifferences, SERVICES.payments),
    threshold: 1,
    critical: true,
  },
];

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
