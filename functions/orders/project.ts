/**
 * Keeps the order list: each order's events folded into one item, which an index makes a customer's
 * list.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { ORDER_LIST_CONSUMER, orderListIndex } from "#adapters/aws/dynamodb/order-list";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsDeadLetters } from "#adapters/aws/sqs/dead-letters";
import { SERVICES } from "#contracts/metrics";
import { systemClock } from "#kernel/clock";
import { randomIds } from "#kernel/ids";
import { orderedConsumer } from "#messaging";
import { config } from "#runtime/config";
import { logConsumer } from "#runtime/consumer-log";
import { consumerTiming } from "#runtime/consumer-timing";
import { queueFunction } from "#runtime/queue-function";
import { telemetry } from "#runtime/telemetry";
import { orderListProjection } from "#services/orders/usecases/project-order-list";
import { askOurStore } from "./gap-of-orders.ts";

const environment = config(
  "ORDERS_TABLE",
  "ORDER_LIST_TABLE",
  "ORDER_LIST_QUEUE_URL",
  "DEAD_LETTER_QUEUE_URL",
  "GAP_DEADLINE_SECONDS",
  "RETRY_DELAY_SECONDS",
);
const settings = consumerTiming(environment);

const consumer = orderedConsumer({
  handler: orderListProjection,
  heads: dynamoHeadStore({
    client: dynamoClient(),
    table: environment.ORDER_LIST_TABLE,
    consumer: ORDER_LIST_CONSUMER,
    writes: noWrites,
    index: orderListIndex,
  }),
  deadLetters: sqsDeadLetters({
    client: sqsClient(),
    queueUrl: environment.DEAD_LETTER_QUEUE_URL,
  }),
  clock: systemClock,
  newId: randomIds,
  settings,
  ...askOurStore(environment, settings.gapDeadlineMs),
  observe: logConsumer(telemetry(SERVICES.orderList).logger),
});

export const handler = queueFunction({
  service: SERVICES.orderList,
  consume: (records, deadline) => consumer.consume(records, deadline),
});
