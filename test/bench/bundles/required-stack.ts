/**
 * The full stack that a consumer of the same duties is asked to load: middy, five parts of
 * Powertools, three clients and zod. Bundled and loaded by the benchmark, never called.
 */
import { processPartialResponse, SqsFifoPartialProcessorAsync } from "@aws-lambda-powertools/batch";
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import middy from "@middy/core";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { object, string } from "zod";

/** By name, so that the bundle holds only what is used. */
const body = object({ id: string() });
const processor = new SqsFifoPartialProcessorAsync();
const persistenceStore = new DynamoDBPersistenceLayer({
  tableName: "idempotency",
  awsSdkV3Client: new DynamoDBClient({}),
});
const handled = makeIdempotent(async (record: SQSRecord) => body.parse(JSON.parse(record.body)), {
  persistenceStore,
  config: new IdempotencyConfig({ eventKeyJmesPath: "messageId" }),
});

export const surroundings = [
  new Logger(),
  new Metrics({ namespace: "bench" }),
  new Tracer(),
  new EventBridgeClient({}),
  new SQSClient({}),
];

export const handler = middy((event: SQSEvent) =>
  processPartialResponse(event, handled, processor),
);
