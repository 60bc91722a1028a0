/**
 * The ordered consumer of what carriers and providers report: each report once and in its sender's
 * order, its commit in one transaction with the position.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { appendWrites, dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { FULFILMENT_CONSUMER } from "#adapters/aws/dynamodb/order-records";
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
import { fulfilmentHandler } from "#services/orders/usecases/report-fulfilment";
import { waitForCarriers } from "./gap-of-carriers.ts";

const environment = config(
  "ORDERS_TABLE",
  "DEAD_LETTER_QUEUE_URL",
  "GAP_DEADLINE_SECONDS",
  "GAP_RETRY_SECONDS",
  "RETRY_DELAY_SECONDS",
);
const { ORDERS_TABLE, DEAD_LETTER_QUEUE_URL } = environment;
const orders = { client: dynamoClient(), table: ORDERS_TABLE };

const consumer = orderedConsumer({
  handler: fulfilmentHandler(dynamoEventStore(orders)),
  heads: dynamoHeadStore({
    ...orders,
    consumer: FULFILMENT_CONSUMER,
    writes: appendWrites(ORDERS_TABLE),
  }),
  deadLetters: sqsDeadLetters({ client: sqsClient(), queueUrl: DEAD_LETTER_QUEUE_URL }),
  clock: systemClock,
  newId: randomIds,
  settings: consumerTiming(environment),
  recovery: waitForCarriers(environment.GAP_RETRY_SECONDS),
  observe: logConsumer(telemetry(SERVICES.fulfilment).logger),
});

export const handler = queueFunction({
  service: SERVICES.fulfilment,
  consume: (records, deadline) => consumer.consume(records, deadline),
});
