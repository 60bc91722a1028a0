/**
 * Repairs of metrics: what functions print and queues hold must reach CloudWatch, where alarms
 * and reports read it.
 */
import { type Dimension, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { createFunction, invoke, present } from "../support/small-functions.ts";
import { type CloudClients, useTwoClouds } from "../support/two-clouds.ts";

const clouds = useTwoClouds();

test("cloudwatch_emf: what a function prints as metrics is recorded", async () => {
  const code = `exports.handler = async ({ applied }) => {
    console.log(JSON.stringify({
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [{
          Namespace: "Probe",
          Dimensions: [["service"]],
          Metrics: [{ Name: "applied", Unit: "Count" }, { Name: "sizes", Unit: "Bytes" }],
        }],
      },
      service: "orders",
      applied,
      sizes: [100, 300],
    }));
    console.log('{"_aws": "not a document"}');
  };`;
  const dimensions = [{ Name: "service", Value: "orders" }];

  const { unrepaired, repaired } = await clouds.both(async (clients) => {
    await createFunction(clients.lambda, { name: "measuring", code });
    await invoke(clients.lambda, "measuring", { applied: 2 });
    await invoke(clients.lambda, "measuring", { applied: 5 });
    return {
      applied: await sumOf(clients, "Probe", "applied", dimensions),
      sizes: await sumOf(clients, "Probe", "sizes", dimensions),
    };
  });

  expect(unrepaired).toEqual({ applied: undefined, sizes: undefined });
  expect(repaired).toEqual({ applied: 7, sizes: 800 });
});

test("cloudwatch_sqs_metrics: the depth and the age of a queue are recorded", async () => {
  const { unrepaired, repaired } = await clouds.both(async (clients) => {
    const made = await clients.sqs.send(new CreateQueueCommand({ QueueName: "deep" }));
    const QueueUrl = present(made.QueueUrl, "QueueUrl");
    for (const MessageBody of ["1", "2", "3"]) {
      await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    }
    await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    return clients;
  });
  const dimensions = [{ Name: "QueueName", Value: "deep" }];
  const visible = (clients: CloudClients) =>
    sumOf(clients, "AWS/SQS", "ApproximateNumberOfMessagesVisible", dimensions, "Maximum");

  const seen = await eventually(() => visible(repaired));

  expect(seen).toBe(2);
  const notVisible = "ApproximateNumberOfMessagesNotVisible";
  expect(await sumOf(repaired, "AWS/SQS", notVisible, dimensions, "Maximum")).toBe(1);
  const age = await sumOf(repaired, "AWS/SQS", "ApproximateAgeOfOldestMessage", dimensions);
  expect(age).toBeGreaterThan(0);
  // The unrepaired one has run as long.
  expect(await visible(unrepaired)).toBeUndefined();
});

/** The statistic over the last minutes, or undefined when nothing was recorded. */
async function sumOf(
  { cloudWatch }: CloudClients,
  namespace: string,
  metric: string,
  dimensions: Dimension[],
  statistic: "Sum" | "Maximum" = "Sum",
): Promise<number | undefined> {
  const minutes = 60_000;
  const answer = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: namespace,
      MetricName: metric,
      Dimensions: dimensions,
      Statistics: [statistic],
      StartTime: new Date(Date.now() - 10 * minutes),
      EndTime: new Date(Date.now() + 10 * minutes),
      Period: 3_600,
    }),
  );
  const values = (answer.Datapoints ?? []).map((point) => point[statistic] ?? 0);
  if (values.length === 0) return undefined;
  return statistic === "Sum" ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
}
