/**
 * The fulfilment consumer with one fault: its process dies right after the first commit of each
 * stream, before the queue hears of it. The use case, the stores and the commit are those of
 * `functions/orders/consume.ts`.
 */
import { ConditionalCheckFailedException, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { appendWrites, dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { FULFILMENT_CONSUMER } from "#adapters/aws/dynamodb/order-records";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsDeadLetters } from "#adapters/aws/sqs/dead-letters";
import { SERVICES } from "#contracts/metrics";
import { systemClock } from "#kernel/clock";
import { randomIds } from "#kernel/ids";
import { type AppendWrite, type HeadStore, orderedConsumer } from "#messaging";
import { config } from "#runtime/config";
import { queueFunction } from "#runtime/queue-function";
import { fulfilmentHandler } from "#services/orders/usecases/report-fulfilment";

const { ORDERS_TABLE, DEAD_LETTER_QUEUE_URL } = config("ORDERS_TABLE", "DEAD_LETTER_QUEUE_URL");
const orders = { client: dynamoClient(), table: ORDERS_TABLE };

const consumer = orderedConsumer({
  handler: fulfilmentHandler(dynamoEventStore(orders)),
  heads: killedAfterCommit(
    dynamoHeadStore({
      ...orders,
      consumer: FULFILMENT_CONSUMER,
      writes: appendWrites(ORDERS_TABLE),
    }),
  ),
  deadLetters: sqsDeadLetters({ client: sqsClient(), queueUrl: DEAD_LETTER_QUEUE_URL }),
  clock: systemClock,
  newId: randomIds,
});

export const handler = queueFunction({
  service: SERVICES.fulfilment,
  consume: (records, deadline) => consumer.consume(records, deadline),
});

function killedAfterCommit(store: HeadStore<AppendWrite>): HeadStore<AppendWrite> {
  return {
    ...store,
    async commit(commit) {
      const answer = await store.commit(commit);
      if (answer.kind === "committed" && (await isFirst(commit.head.stream))) process.exit(1);
      return answer;
    },
  };
}

/** Remembered in the table: the next sandbox must know that this stream has had its fault. */
async function isFirst(stream: string): Promise<boolean> {
  const command = new PutItemCommand({
    TableName: ORDERS_TABLE,
    Item: { pk: { S: stream }, sk: { S: "fault#killed-after-commit" } },
    ConditionExpression: "attribute_not_exists(pk)",
  });
  return orders.client.send(command).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    },
  );
}
