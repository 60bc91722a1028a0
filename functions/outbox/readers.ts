/**
 * Who reads in order what is written to our event stores, and where each has its position and its
 * queue.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import type { EnvKey } from "#contracts/env";
import { ORDER_EVENT_READERS } from "#contracts/events/order-events";
import { DELIVERY_DUE } from "#contracts/events/webhook-events";
import { SERVICES } from "#contracts/metrics";
import { liveHeads } from "#lambda/projection/live-heads";
import type { Reader } from "#messaging";
import { readerOf } from "./reader.ts";

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

/** Of the webhooks' own store. */
export function webhookReaders({
  WEBHOOKS_TABLE: table,
  WEBHOOK_DELIVERY_QUEUE_URL: queueUrl,
}: Readonly<Record<"WEBHOOKS_TABLE" | "WEBHOOK_DELIVERY_QUEUE_URL", string>>): readonly Reader[] {
  return [readerOf(SERVICES.webhookDelivery, { table, queueUrl, types: [DELIVERY_DUE] })];
}

type Consumer = keyof typeof ORDER_EVENT_READERS;

/** One that can be made anew: its positions are in the generation that is read. */
const projected = (consumer: Consumer, table: string, queueUrl: string): Reader => ({
  ...reader(consumer, table, queueUrl),
  heads: liveHeads({ client: dynamoClient(), table }, consumer),
});

const reader = (consumer: Consumer, table: string, queueUrl: string): Reader =>
  readerOf(consumer, { table, queueUrl, types: ORDER_EVENT_READERS[consumer] });
