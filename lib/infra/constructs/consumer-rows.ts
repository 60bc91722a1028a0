/**
 * What a dashboard shows about ordered consumers: whether all is applied in its turn, what went
 * against the order, and how far the queues are behind.
 */
import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { CONSUMER_METRICS, type ConsumerMetric } from "#contracts/consumer-metrics";
import type { WatchedConsumer } from "./consumer-watches.ts";
import type { DashboardRow } from "./dashboard.ts";
import { labelled, messagesVisible, oldestMessageAge, type Statistic } from "./metrics.ts";

export const consumerRows = (consumers: readonly WatchedConsumer[]): readonly DashboardRow[] => [
  orderingRow(consumers),
  streamsRow(consumers),
  queuesRow(consumers),
];

export function orderingRow(consumers: readonly WatchedConsumer[]): DashboardRow {
  const of = metricsOf(consumers);
  return {
    heading: "## Order: is every message applied once, in its turn?",
    graphs: [
      { title: "Applied", metrics: of(CONSUMER_METRICS.messagesApplied) },
      {
        title: "Put right: duplicates dropped, held and released",
        metrics: [
          ...of(CONSUMER_METRICS.duplicatesDropped),
          ...of(CONSUMER_METRICS.messagesHeld),
          ...of(CONSUMER_METRICS.heldReleased),
        ],
      },
      {
        title: "Age when applied, in ms",
        metrics: of(CONSUMER_METRICS.appliedAgeMs, "Maximum"),
      },
      {
        title: "Commit latency in ms",
        metrics: [
          ...of(CONSUMER_METRICS.commitLatencyMs, "p50"),
          ...of(CONSUMER_METRICS.commitLatencyMs, "p99"),
        ],
      },
    ],
  };
}

/** @param resent what producers sent again for these consumers */
export function streamsRow(
  consumers: readonly WatchedConsumer[],
  resent: readonly IMetric[] = [],
): DashboardRow {
  const of = metricsOf(consumers);
  return {
    heading: "## Streams: what went against the order, and who waits?",
    graphs: [
      { title: "Violations", metrics: VIOLATIONS.flatMap((kind) => of(kind)) },
      {
        title: "Streams halted, resumed, and standing",
        metrics: [
          ...of(CONSUMER_METRICS.streamsHalted),
          ...of(CONSUMER_METRICS.streamsResumed),
          ...of(CONSUMER_METRICS.streamsStanding, "Maximum"),
        ],
      },
      {
        title: "Parked: behind halts, and the longest queue of one stream",
        metrics: [
          ...of(CONSUMER_METRICS.messagesParkedBehindHalt),
          ...of(CONSUMER_METRICS.parkedLag, "Maximum"),
        ],
      },
      {
        title: "Ticks, decisions, skipped, late, resent",
        metrics: [
          ...of(CONSUMER_METRICS.streamsTicked),
          ...of(CONSUMER_METRICS.controlsDecided),
          ...of(CONSUMER_METRICS.messagesSkipped),
          ...of(CONSUMER_METRICS.messagesLate),
          ...resent,
        ],
      },
    ],
  };
}

const VIOLATIONS = [
  CONSUMER_METRICS.violationsGap,
  CONSUMER_METRICS.violationsConflict,
  CONSUMER_METRICS.violationsPartition,
  CONSUMER_METRICS.violationsOutOfOrder,
  CONSUMER_METRICS.violationsUnknown,
  CONSUMER_METRICS.violationsTimestamp,
];

/** @param givenUp what else is counted among the dead */
export function queuesRow(
  consumers: readonly WatchedConsumer[],
  givenUp: readonly IMetric[] = [],
): DashboardRow {
  const sources = consumers.map(({ source }) => source);
  return {
    heading: "## Queues: how far behind?",
    graphs: [
      { title: "Waiting", metrics: sources.map(({ queue }) => messagesVisible(queue)) },
      { title: "Oldest in s", metrics: sources.map(({ queue }) => oldestMessageAge(queue)) },
      {
        title: "Dead or given up",
        metrics: [
          ...sources.map(({ deadLetterQueue }) => messagesVisible(deadLetterQueue)),
          ...givenUp,
        ],
      },
    ],
  };
}

const metricsOf =
  (consumers: readonly WatchedConsumer[]) =>
  (name: ConsumerMetric, statistic: Statistic = "Sum"): IMetric[] => {
    const which = statistic === "Sum" ? "" : ` ${statistic}`;
    return consumers.map((consumer) =>
      labelled(consumer.metric(name, statistic), `${consumer.consumerName}: ${name}${which}`),
    );
  };
