/**
 * Begins the saga of each placed order, from the FIFO queue that the outbox fills.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsDeadLetters } from "#adapters/aws/sqs/dead-letters";
import { stepFunctionsClient } from "#adapters/aws/stepfunctions/client";
import { stepFunctionsSagaStarter } from "#adapters/aws/stepfunctions/saga-starter";
import { SERVICES } from "#contracts/metrics";
import { systemClock } from "#kernel/clock";
import { randomIds } from "#kernel/ids";
import { seconds } from "#kernel/units";
import { orderedConsumer } from "#messaging";
import { config } from "#runtime/config";
import { logConsumer } from "#runtime/consumer-log";
import { consumerTiming } from "#runtime/consumer-timing";
import { queueFunction } from "#runtime/queue-function";
import { telemetry } from "#runtime/telemetry";
import { sagaStartHandler } from "#services/orders/usecases/start-sagas";
import { tellStarts } from "./saga-outcomes.ts";

const environment = config(
  "ORDERS_TABLE",
  "SAGA_ARN",
  "DEAD_LETTER_QUEUE_URL",
  "GAP_DEADLINE_SECONDS",
  "RETRY_DELAY_SECONDS",
);
const { SAGA_ARN: sagaArn, DEAD_LETTER_QUEUE_URL: queueUrl } = environment;
const service = SERVICES.sagaStart;
const starter = stepFunctionsSagaStarter({ client: stepFunctionsClient(), sagaArn });

/** No function runs longer than 10 s, and no message of it comes back before 12 s. */
const lease = seconds(11);

const consumer = orderedConsumer({
  handler: sagaStartHandler({ starter, tell: tellStarts(telemetry(service)) }, lease),
  heads: dynamoHeadStore({
    client: dynamoClient(),
    table: environment.ORDERS_TABLE,
    consumer: service,
    writes: noWrites,
  }),
  deadLetters: sqsDeadLetters({ client: sqsClient(), queueUrl }),
  clock: systemClock,
  newId: randomIds,
  settings: consumerTiming(environment),
  observe: logConsumer(telemetry(service).logger),
});

export const handler = queueFunction({
  service,
  consume: (records, deadline) => consumer.consume(records, deadline),
});
