/**
 * Who reads the orders' events in order, and where each has its position and its queue.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import type { EnvKey } from "#contracts/env";
import { ORDER_EVENT_READERS } from "#contracts/events/order-events";
import { SERVICES } from "#contracts/metrics";
import { liveHeads } from "#lambda/projection/live-heads";
import type { Reader } from "#messaging";

type Places = Extract<
  EnvKey,
  | "ORDERS_TABLE"
  | "SAGA_START_QUEUE_URL"
  | "ORDER_LIST_TABLE"
  | "ORDER_LIST_QUEUE_URL"
  | "WEBHOOKS_TABLE"
  | "WEBHOOK_PLAN_QUEUE_URL"
  | "RECOMMENDATIONS_TABLE"
  | "RECOMMENDATIONS_QUEUE_URL"
>;

export function orderReaders(environment: Readonly<Record<Places, string>>): readonly Reader[] {
  const { ORDERS_TABLE, ORDER_LIST_TABLE, WEBHOOKS_TABLE, RECOMMENDATIONS_TABLE } = environment;
  return [
    reader(SERVICES.sagaStart, ORDERS_TABLE, environment.SAGA_START_QUEUE_URL),
    projected(SERVICES.orderList, ORDER_LIST_TABLE, environment.ORDER_LIST_QUEUE_URL),
    reader(SERVICES.webhookPlan, WEBHOOKS_TABLE, environment.WEBHOOK_PLAN_QUEUE_URL),
    projected(
      SERVICES.recommendations,
      RECOMMENDATIONS_TABLE,
      environment.RECOMMENDATIONS_QUEUE_URL,
    ),
  ];
}

type Consumer = keyof typeof ORDER_EVENT_READERS;

/** One that can be made anew: its positions are in the generation that is read. */
const projected = (consumer: Consumer, table: string, queueUrl: string): Reader => ({
  ...reader(consumer, table, queueUrl),
  heads: liveHeads({ client: dynamoClient(), table }, consumer),
});

const reader = (consumer: Consumer, table: string, queueUrl: string): Reader => ({
  heads: dynamoHeadStore({ client: dynamoClient(), table, consumer, writes: noWrites }),
  sender: sqsFifoSender({ client: sqsClient(), queueUrl }),
  types: ORDER_EVENT_READERS[consumer],
});
