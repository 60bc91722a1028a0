/**
 * What the dashboard shows, from what customers feel down to what it costs.
 */
import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { Operation } from "aws-cdk-lib/aws-dynamodb";
import { METRICS, type MetricName, SERVICES, type ServiceName } from "#contracts/metrics";
import { orderingRow, queuesRow, streamsRow } from "../constructs/consumer-rows.ts";
import type { DashboardRow } from "../constructs/dashboard.ts";
import {
  labelled,
  messagesVisible,
  type OwnMetrics,
  type Statistic,
  streamAge,
} from "../constructs/metrics.ts";
import type { ApplicationStack } from "./application.ts";
import { copiesRow } from "./copies-row.ts";
import type { DataStack } from "./data.ts";
import { repeatedRow } from "./repeated-row.ts";

export type DashboardSources = {
  readonly data: DataStack;
  readonly application: ApplicationStack;
  readonly own: OwnMetrics;
};

export function dashboardRows(sources: DashboardSources): readonly DashboardRow[] {
  return [
    customersRow(sources),
    orderingRow(sources.application.consumers),
    streamsRow(sources.application.consumers, [
      shown(sources.own, METRICS.messagesResent, SERVICES.outbox),
    ]),
    shopQueuesRow(sources),
    sagaRow(sources),
    copiesRow(sources.own),
    repeatedRow(sources.own),
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

function shopQueuesRow({ data, application }: DashboardSources): DashboardRow {
  const { heading, graphs } = queuesRow(application.consumers, [
    messagesVisible(data.relayGivenUp),
  ]);
  const behind = {
    title: "Outbox behind in ms",
    metrics: [streamAge(application.relays.relay.relay.lambda)],
  };
  return { heading, graphs: [...graphs, behind] };
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
          application.relays.relay.relay.lambda.metricInvocations(),
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
