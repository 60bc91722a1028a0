// What a sweep tells of what it found, whatever became of its ticks; and what may be asked of it:
// what is no number of streams is refused before anything is looked at.
import { DynamoDBClient, type QueryCommand } from "@aws-sdk/client-dynamodb";
import { type SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CONSUMER_METRICS } from "#contracts/consumer-metrics";
import { sweepHandler } from "#lambda/sweep-handler";
import { lambdaContext } from "../../support/gateway-event.ts";

const lines: string[] = [];

beforeEach(() => {
  vi.stubEnv("INORDER_TABLE", "heads");
  vi.stubEnv("INORDER_CONSUMER", "ledger");
  vi.stubEnv("INORDER_QUEUE_URL", "https://sqs.example/ledger.fifo");
  lines.length = 0;
  vi.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test.each([0, 501, 1.5, "10", null])("a limit of %j is refused", async (limit) => {
  const swept = sweepHandler()({ limit }, lambdaContext());

  await expect(swept).rejects.toThrow(/limit is an integer from 1 to 500; received/);
});

test("a sweep that is told nothing does not start", () => {
  vi.stubEnv("INORDER_QUEUE_URL", "");

  expect(() => sweepHandler()).toThrow(/lacks INORDER_QUEUE_URL/);
});

/** Two streams are due and three stand halted, as the index has them. */
function indexed(): void {
  const streams = { due: ["a", "b"], halted: ["c", "d", "e"] };
  const answer = async (command: unknown): Promise<object> => {
    const { ExpressionAttributeValues = {} } = (command as QueryCommand).input;
    const shard = ExpressionAttributeValues[":shard"]?.S ?? "";
    const found = Object.entries(streams).find(([why]) => shard === `${why}#ledger#0`)?.[1] ?? [];
    return { Items: found.map((pk) => ({ pk: { S: pk }, attentionAt: { N: "1" } })) };
  };
  vi.spyOn(DynamoDBClient.prototype, "send").mockImplementation(
    (command) => answer(command) as never,
  );
}

/** Answers the groups that ticks were sent to. */
function queue({ isDown = false } = {}): readonly unknown[] {
  const groups: unknown[] = [];
  const answer = async (command: unknown): Promise<object> => {
    if (isDown) throw new Error("the queue is gone");
    const { Entries = [] } = (command as SendMessageBatchCommand).input;
    groups.push(...Entries.map(({ MessageGroupId }) => MessageGroupId));
    return {};
  };
  vi.spyOn(SQSClient.prototype, "send").mockImplementation((command) => answer(command) as never);
  return groups;
}

/** The one line of metrics. */
const metrics = (): unknown =>
  lines.map((line) => JSON.parse(line) as Record<string, unknown>).find((line) => "_aws" in line);

test("what was ticked and what stands is counted, by its consumer and nothing else", async () => {
  indexed();
  const groups = queue();

  expect(await sweepHandler()({}, lambdaContext())).toEqual({ ticked: 2, halted: 3 });

  expect(groups).toEqual(["a", "b"]);
  expect(metrics()).toMatchObject({
    _aws: { CloudWatchMetrics: [{ Dimensions: [["service"]] }] },
    service: "ledger",
    [CONSUMER_METRICS.streamsTicked]: 2,
    [CONSUMER_METRICS.streamsStanding]: 3,
  });
});

test("what stands is counted also where no tick can be sent, and the sweep fails", async () => {
  indexed();
  queue({ isDown: true });

  await expect(sweepHandler()({}, lambdaContext())).rejects.toThrow(/did not answer/);

  expect(metrics()).toMatchObject({ [CONSUMER_METRICS.streamsStanding]: 3 });
  expect(metrics()).not.toHaveProperty(CONSUMER_METRICS.streamsTicked);
});
