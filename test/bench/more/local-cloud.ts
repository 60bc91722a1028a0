/**
 * Wall time per message of both sides on the local cloud: the whole SDK, over HTTP, to a server
 * that does everything DynamoDB does. Slower than AWS, and the same for both.
 */
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { startLocalCloud } from "../../../local-cloud/start.ts";
import type { Messages } from "../goals.ts";
import { ratios, rounds, wallMs } from "../measure/rounds.ts";
import { type Spread, spreadOf } from "../measure/spread.ts";
import { applyAll } from "../rows/counters.ts";
import { KEYS } from "../store/table.ts";
import { startOurs } from "../subjects/ours.ts";
import { startPowertools } from "../subjects/powertools.ts";
import type { StartSubject } from "../subjects/subject.ts";
import { batches } from "../traffic.ts";

export type CloudTime = {
  readonly m: Messages;
  /** Milliseconds per message. */
  readonly ours: number;
  readonly powertools: number;
  readonly ratio: Spread;
};

const MESSAGES = 60;

/** Starts a local cloud of its own, and stops it. */
export async function cloudTimes(count: number): Promise<readonly CloudTime[]> {
  const cloud = await startLocalCloud();
  const client = new DynamoDBClient({
    endpoint: cloud.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  try {
    for (const [table, keys] of Object.entries(KEYS)) await createTable(client, table, keys);
    const times: CloudTime[] = [];
    for (const m of [10, 1] as const) times.push(await timesOf(client, m, count));
    return times;
  } finally {
    client.destroy();
    await cloud.stop();
  }
}

async function timesOf(client: DynamoDBClient, m: Messages, count: number): Promise<CloudTime> {
  let run = 0;
  const time = (start: StartSubject) => async (): Promise<number> => {
    run += 1;
    const shape = { m, streams: 10, messages: MESSAGES, name: `m${m}-run-${run}` };
    const subject = start(client);
    return (await wallMs(() => applyAll(subject, batches(shape)))) / MESSAGES;
  };
  const found = await rounds(
    { ours: time(startOurs), powertools: time(startPowertools) },
    { count },
  );
  return {
    m,
    ours: spreadOf(found.ours).median,
    powertools: spreadOf(found.powertools).median,
    ratio: ratios(found.ours, found.powertools),
  };
}

async function createTable(
  client: DynamoDBClient,
  table: string,
  keys: readonly string[],
): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: keys.map((name) => ({ AttributeName: name, AttributeType: "S" })),
      KeySchema: keys.map((name, index) => ({
        AttributeName: name,
        KeyType: index === 0 ? "HASH" : "RANGE",
      })),
    }),
  );
}
