/**
 * Sums of the functions' own metrics, read through CloudWatch.
 */
import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import type { MetricName, ServiceName } from "#contracts/metrics";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";

export type MetricSumQuery = { readonly metric: MetricName; readonly service: ServiceName };

export type MetricsPlace = {
  readonly client: CloudWatchClient;
  /** `metricNamespace` of the stage; the stacks' output `MetricNamespace`. */
  readonly namespace: string;
  readonly now: () => EpochMs;
};

/**
 * Metrics are kept by the minute for 15 days; a finer period is for high-resolution metrics only.
 */
const PERIOD_SECONDS = 60;
const PERIOD_MS = PERIOD_SECONDS * 1000;
/**
 * Limits of GetMetricData (CloudWatch API Reference): queries in one request; and a bound of ours
 * for its pages.
 */
const QUERIES_MAX = 500;
const PAGES_MAX = 100;

/**
 * The sum of each metric since the minute in which `from` lies, up to now. Metrics arrive late and
 * at least once. Throws `Failure` `store-unavailable` (retry).
 */
export async function metricSums(
  { client, namespace, now }: MetricsPlace,
  queries: readonly MetricSumQuery[],
  from: EpochMs,
): Promise<readonly number[]> {
  if (queries.length > QUERIES_MAX) {
    throw new RangeError(`at most ${QUERIES_MAX} metrics are read at once, not ${queries.length}`);
  }
  const sums = queries.map(() => 0);
  let token: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await send(
      client,
      new GetMetricDataCommand({
        MetricDataQueries: queries.map((query, index) => queryOf(namespace, query, index)),
        StartTime: new Date(Math.floor(from / PERIOD_MS) * PERIOD_MS),
        EndTime: new Date(now() + PERIOD_MS),
        ...(token !== undefined && { NextToken: token }),
      }),
    );
    for (const { Id = "", Values = [] } of answer.MetricDataResults ?? []) {
      const index = Number(Id.slice(1));
      sums[index] = Values.reduce((sum, value) => sum + value, sums[index] ?? 0);
    }
    token = answer.NextToken;
    if (token === undefined || token === "") return sums;
  }
  throw unavailable(`more than ${PAGES_MAX} pages of metrics`);
}

/** Ids begin with a small letter. */
const queryOf = (
  namespace: string,
  { metric, service }: MetricSumQuery,
  index: number,
): MetricDataQuery => ({
  Id: `m${index}`,
  MetricStat: {
    Metric: {
      Namespace: namespace,
      MetricName: metric,
      Dimensions: [{ Name: "service", Value: service }],
    },
    Period: PERIOD_SECONDS,
    Stat: "Sum",
  },
});

async function send(client: CloudWatchClient, command: GetMetricDataCommand) {
  try {
    return await client.send(command);
  } catch (cause) {
    throw unavailable("GetMetricData failed", cause);
  }
}

const unavailable = (why: string, cause?: unknown): Failure =>
  new Failure("store-unavailable", "retry", `The metrics could not be read: ${why}`, { cause });
