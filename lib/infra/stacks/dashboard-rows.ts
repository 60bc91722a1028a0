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
  ownMetric,
  type Statistic,
  streamAge,
} from "../constructs/metrics.ts";
import type { ApplicationStack } from "./application.ts";
import type { DataStack } from "./data.ts";

export type DashboardSources = { readonly data: DataStack; readonly application: ApplicationStack };

export function dashboardRows(sources: DashboardSources): readonly DashboardRow[] {
  return [
    customersRow(sources),
    orderingRow(),
    queuesRow(sources),
    sagaRow(sources),
    costsRow(sources),
  ];
}

function customersRow({ application }: DashboardSources): DashboardRow {
  const { deploymentStage } = application.rest.api;
  return {
    heading: "## Customers: are orders placed, and how fast?",
    graphs: [
      {
        title: "Orders per minute",
        metrics: [
          shown(METRICS.ordersPlaced, SERVICES.orders),
          shown(METRICS.ordersRepeated, SERVICES.orders),
          shown(METRICS.paymentsDeclined, SERVICES.payments),
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

function orderingRow(): DashboardRow {
  return {
    heading: "## Order: is every message applied once, in its turn?",
    graphs: [
      { title: "Applied", metrics: ofConsumers(METRICS.messagesApplied) },
      {
        title: "Put right",
        metrics: [
          ...ofConsumers(METRICS.duplicatesDropped),
          ...ofConsumers(METRICS.messagesHeld),
          ...ofConsumers(METRICS.heldReleased),
        ],
      },
      {
        title: "Against the order",
        metrics: [
          ...ofConsumers(METRICS.violations),
          ...ofConsumers(METRICS.streamsHalted),
          ...ofConsumers(METRICS.messagesParkedBehindHalt),
        ],
      },
      {
        title: "Commit latency in ms",
        metrics: CONSUMERS.map((service) => shown(METRICS.commitLatencyMs, service, "p99")),
      },
    ],
  };
}

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

function sagaRow({ application }: DashboardSources): DashboardRow {
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
          shown(METRICS.paymentLookups, SERVICES.payments),
          shown(METRICS.sagasNeedAttention, SERVICES.sagaStart),
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

const shown = (name: MetricName, service: ServiceName, statistic: Statistic = "Sum"): IMetric =>
  labelled(ownMetric(name, service, statistic), `${service}: ${name}`);

const ofConsumers = (name: MetricName): IMetric[] =>
  CONSUMERS.map((service: ServiceName) => shown(name, service));
