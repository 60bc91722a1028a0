/**
 * What the dashboard shows, from what customers feel down to what it costs.
 */
import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { Operation } from "aws-cdk-lib/aws-dynamodb";
import { METRICS, type MetricName, SERVICES, type ServiceName } from "#contracts/metrics";
import type { DashboardRow } from "../constructs/dashboard.ts";
import { messagesVisible, oldestMessageAge, ownMetric, streamAge } from "../constructs/metrics.ts";
import type { ApplicationStack } from "./application.ts";
import type { DataStack } from "./data.ts";

export type Shown = { readonly data: DataStack; readonly application: ApplicationStack };

export function dashboardRows(shown: Shown): readonly DashboardRow[] {
  return [customersRow(shown), orderingRow(), queuesRow(shown), sagaRow(shown), costsRow(shown)];
}

function customersRow({ application }: Shown): DashboardRow {
  const { deploymentStage } = application.rest.api;
  return {
    heading: "## Customers: are orders placed, and how fast?",
    graphs: [
      {
        title: "Orders per minute",
        metrics: [
          ownMetric(METRICS.ordersPlaced, SERVICES.orders),
          ownMetric(METRICS.ordersRepeated, SERVICES.orders),
          ownMetric(METRICS.paymentsDeclined, SERVICES.payments),
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
        metrics: CONSUMERS.map((service) => ownMetric(METRICS.commitLatencyMs, service, "p99")),
      },
    ],
  };
}

function queuesRow({ data, application }: Shown): DashboardRow {
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

function sagaRow({ application }: Shown): DashboardRow {
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
          ownMetric(METRICS.paymentLookups, SERVICES.payments),
          ownMetric(METRICS.sagasNeedAttention, SERVICES.sagaStart),
        ],
      },
    ],
  };
}

function costsRow({ data, application }: Shown): DashboardRow {
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

const ofConsumers = (name: MetricName): IMetric[] =>
  CONSUMERS.map((service: ServiceName) => ownMetric(name, service));
