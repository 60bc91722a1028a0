/**
 * What the dashboard shows, from what customers feel down to what it costs.
 */
import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { Operation } from "aws-cdk-lib/aws-dynamodb";
import { METRICS, type MetricName, SERVICES, type ServiceName } from "#contracts/metrics";
import type { DashboardRow } from "../constructs/dashboard.ts";
import {
  labelled,
  messagesVisible,
  oldestMessageAge,
  type OwnMetrics,
  type Statistic,
  streamAge,
} from "../constructs/metrics.ts";
import type { ApplicationStack } from "./application.ts";
import type { DataStack } from "./data.ts";

export type DashboardSources = {
  readonly data: DataStack;
  readonly application: ApplicationStack;
  readonly own: OwnMetrics;
};

export function dashboardRows(sources: DashboardSources): readonly DashboardRow[] {
  return [
    customersRow(sources),
    orderingRow(sources),
    streamsRow(sources),
    queuesRow(sources),
    sagaRow(sources),
    costsRow(sources),
  ];
}

function customersRow({ application, own }: DashboardSources): DashboardRow {
  const { deploymentStage } = application.rest.api;
  return {
    heading: "## Customers: are orders placed, and how fast?",
    graphs: [
      {
        title: "Orders per minute",
        metrics: [
          shown(own, METRICS.ordersPlaced, SERVICES.orders),
          shown(own, METRICS.ordersRepeated, SERVICES.orders),
          shown(own, METRICS.paymentsDeclined, SERVICES.payments),
        ],
      },
      {
        title: "API: requests and errors",
        metrics: [
          deploymentStage.metricCount(),
          deploymentStage.metricClientError(),
          deploymentStage.metricServerError(),
        ],
      },
      {
        title: "API: latency in ms",
        metrics: ["p50", "p99"].map((statistic) => deploymentStage.metricLatency({ statistic })),
      },
    ],
  };
}

const CONSUMERS = [SERVICES.fulfilment, SERVICES.orderList, SERVICES.sagaStart];

function orderingRow({ own }: DashboardSources): DashboardRow {
  return {
    heading: "## Order: is every message applied once, in its turn?",
    graphs: [
      { title: "Applied", metrics: ofConsumers(own, METRICS.messagesApplied) },
      {
        title: "Put right: duplicates dropped, held and released",
        metrics: [
          ...ofConsumers(own, METRICS.duplicatesDropped),
          ...ofConsumers(own, METRICS.messagesHeld),
          ...ofConsumers(own, METRICS.heldReleased),
        ],
      },
      {
        title: "Age when applied, in ms",
        metrics: ofConsumers(own, METRICS.appliedAgeMs, "Maximum"),
      },
      {
        title: "Commit latency in ms",
        metrics: [
          ...ofConsumers(own, METRICS.commitLatencyMs, "p50"),
          ...ofConsumers(own, METRICS.commitLatencyMs, "p99"),
        ],
      },
    ],
  };
}

function streamsRow({ own }: DashboardSources): DashboardRow {
  return {
    heading: "## Streams: what went against the order, and who waits?",
    graphs: [
      { title: "Violations", metrics: VIOLATIONS.flatMap((kind) => ofConsumers(own, kind)) },
      {
        title: "Streams halted and resumed",
        metrics: [
          ...ofConsumers(own, METRICS.streamsHalted),
          ...ofConsumers(own, METRICS.streamsResumed),
        ],
      },
      {
        title: "Parked: behind halts, and the longest queue of one stream",
        metrics: [
          ...ofConsumers(own, METRICS.messagesParkedBehindHalt),
          ...ofConsumers(own, METRICS.parkedLag, "Maximum"),
        ],
      },
      {
        title: "Ticks, decisions, skipped, late, resent",
        metrics: [
          ...ofConsumers(own, METRICS.streamsTicked),
          ...ofConsumers(own, METRICS.controlsDecided),
          ...ofConsumers(own, METRICS.messagesSkipped),
          ...ofConsumers(own, METRICS.messagesLate),
          shown(own, METRICS.messagesResent, SERVICES.outbox),
        ],
      },
    ],
  };
}

const VIOLATIONS = [
  METRICS.violationsGap,
  METRICS.violationsConflict,
  METRICS.violationsPartition,
  METRICS.violationsOutOfOrder,
  METRICS.violationsUnknown,
  METRICS.violationsTimestamp,
];

function queuesRow({ data, application }: DashboardSources): DashboardRow {
  const sources = application.consumers.map((consumer) => consumer.source);
  return {
    heading: "## Queues: how far behind?",
    graphs: [
      { title: "Waiting", metrics: sources.map(({ queue }) => messagesVisible(queue)) },
      { title: "Oldest in s", metrics: sources.map(({ queue }) => oldestMessageAge(queue)) },
      {
        title: "Dead or given up",
        metrics: [...sources.map((source) => source.deadLetterQueue), data.relayGivenUp].map(
          messagesVisible,
        ),
      },
      { title: "Outbox behind in ms", metrics: [streamAge(application.relay.relay.lambda)] },
    ],
  };
}

function sagaRow({ application, own }: DashboardSources): DashboardRow {
  const { machine } = application.saga;
  return {
    heading: "## Sagas: do orders come to an end?",
    graphs: [
      {
        title: "Runs",
        metrics: [
          machine.metricStarted(),
          machine.metricSucceeded(),
          machine.metricFailed(),
          machine.metricTimedOut(),
          machine.metricAborted(),
        ],
      },
      { title: "Time of a run in ms", metrics: [machine.metricTime({ statistic: "p99" })] },
      {
        title: "Payments looked up, sagas for a person",
        metrics: [
          shown(own, METRICS.paymentLookups, SERVICES.payments),
          shown(own, METRICS.sagasNeedAttention, SERVICES.sagaStart),
        ],
      },
    ],
  };
}

function costsRow({ data, application }: DashboardSources): DashboardRow {
  const tables = [data.orders, data.orderList, data.stock, data.payments];
  return {
    heading: "## Cost drivers",
    graphs: [
      {
        title: "Write units",
        metrics: tables.map((table) => table.metricConsumedWriteCapacityUnits()),
      },
      {
        title: "Read units",
        metrics: tables.map((table) => table.metricConsumedReadCapacityUnits()),
      },
      {
        title: "Invocations",
        metrics: [
          ...application.consumers.map(({ consumer }) => consumer.lambda.metricInvocations()),
          application.relay.relay.lambda.metricInvocations(),
        ],
      },
      {
        title: "Refused writes",
        metrics: tables.flatMap((table): IMetric[] => [
          table.metricThrottledRequestsForOperation(Operation.PUT_ITEM),
          table.metricConditionalCheckFailedRequests(),
        ]),
      },
    ],
  };
}

const shown = (
  own: OwnMetrics,
  name: MetricName,
  service: ServiceName,
  statistic: Statistic = "Sum",
): IMetric => {
  const which = statistic === "Sum" ? "" : ` ${statistic}`;
  return labelled(own(name, service, statistic), `${service}: ${name}${which}`);
};

const ofConsumers = (own: OwnMetrics, name: MetricName, statistic?: Statistic): IMetric[] =>
  CONSUMERS.map((service: ServiceName) => shown(own, name, service, statistic));
