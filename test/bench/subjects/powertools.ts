/**
 * Stock Powertools for AWS Lambda as its documentation puts batch and idempotency together for SQS
 * FIFO (features/batch.md, "FIFO queues"; features/idempotency.md, "Batch integration"): the key is
 * the message's id as in that sample, which costs it least. The business write is the cheapest that
 * a user can make: one `UpdateItem` without a read, and nothing to keep as the result.
 */
import {
  FullBatchFailureError,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from "@aws-lambda-powertools/batch";
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { type DynamoDBClient, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { SQSRecord } from "aws-lambda";
import { TABLES } from "../store/table.ts";
import { unhurriedContext } from "../traffic.ts";
import { SQS_MESSAGE_ID } from "../../simulation/powertools/subject.ts";
import type { Poison, Subject } from "./subject.ts";

export type PowertoolsSetting = {
  /** The processor's default is false; its documentation recommends true for several groups. */
  readonly skipGroupOnError: boolean;
  /** False: its idempotency alone, with a handler that only reads the message. */
  readonly writesBusiness: boolean;
  /** An outgoing event for each message, written as an item of its own beside the state. */
  readonly writesOutbox: boolean;
};

const RECOMMENDED: PowertoolsSetting = {
  skipGroupOnError: true,
  writesBusiness: true,
  writesOutbox: false,
};

type Body = {
  readonly id: string;
  readonly partitionkey: string;
  readonly data: { readonly amount: number; readonly poison?: Poison };
};

export function startPowertools(
  client: DynamoDBClient,
  setting: Partial<PowertoolsSetting> = {},
): Subject {
  const { skipGroupOnError, writesBusiness, writesOutbox } = { ...RECOMMENDED, ...setting };
  const processor = new SqsFifoPartialProcessorAsync();
  const persistenceStore = new DynamoDBPersistenceLayer({
    tableName: TABLES.idempotency,
    awsSdkV3Client: client,
  });
  const config = new IdempotencyConfig({ eventKeyJmesPath: SQS_MESSAGE_ID });

  const apply = async ({ body }: SQSRecord): Promise<void> => {
    const { id, partitionkey, data } = JSON.parse(body) as Body;
    if (data.poison !== undefined) throw new Error("It cannot be applied");
    if (!writesBusiness) return;
    await client.send(
      new UpdateItemCommand({
        TableName: TABLES.accounts,
        Key: { pk: { S: partitionkey } },
        UpdateExpression: "ADD #balance :amount, #payments :one",
        ExpressionAttributeNames: { "#balance": "balance", "#payments": "payments" },
        ExpressionAttributeValues: { ":amount": { N: String(data.amount) }, ":one": { N: "1" } },
      }),
    );
    if (!writesOutbox) return;
    const event = JSON.stringify({ type: "account.credited", data });
    const Item = { pk: { S: id }, account: { S: partitionkey }, event: { S: event } };
    await client.send(new PutItemCommand({ TableName: TABLES.outbox, Item }));
  };
  const processIdempotently = makeIdempotent(apply, { persistenceStore, config });

  return {
    async handle(event) {
      config.registerLambdaContext(unhurriedContext);
      try {
        const { batchItemFailures } = await processPartialResponse(
          event,
          processIdempotently,
          processor,
          { context: unhurriedContext, skipGroupOnError },
        );
        return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      } catch (error) {
        // It throws where every message has failed; Lambda then delivers all of them again.
        if (!(error instanceof FullBatchFailureError)) throw error;
        return event.Records.map(({ messageId }) => messageId);
      }
    },
  };
}
