/**
 * Compares what orders have written with what the consumers behind the relay have, and sends them
 * what they lack at the end of a stream.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoCommitLog } from "#adapters/aws/dynamodb/commit-log";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { ORDER_EVENT_READERS, ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import { METRICS, SERVICES } from "#contracts/metrics";
import { reconcileStreams } from "#contracts/operator";
import { systemClock } from "#kernel/clock";
import { randomIds } from "#kernel/ids";
import { type EpochMs, seconds } from "#kernel/units";
import { type Reader, reconcile } from "#messaging";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { telemetry } from "#runtime/telemetry";

const environment = config(
  "ORDERS_TABLE",
  "ORDER_LIST_TABLE",
  "SAGA_START_QUEUE_URL",
  "ORDER_LIST_QUEUE_URL",
  "WEBHOOKS_TABLE",
  "WEBHOOK_PLAN_QUEUE_URL",
  "RECOMMENDATIONS_TABLE",
  "RECOMMENDATIONS_QUEUE_URL",
);
const client = dynamoClient();
const { ORDERS_TABLE, RECOMMENDATIONS_TABLE: recommended } = environment;
const orders = { client, table: ORDERS_TABLE };

const reader = (consumer: keyof typeof ORDER_EVENT_READERS, table: string, queueUrl: string) => ({
  heads: dynamoHeadStore({ client, table, consumer, writes: noWrites }),
  sender: sqsFifoSender({ client: sqsClient(), queueUrl }),
  types: ORDER_EVENT_READERS[consumer],
});
const readers: readonly Reader[] = [
  reader(SERVICES.sagaStart, ORDERS_TABLE, environment.SAGA_START_QUEUE_URL),
  reader(SERVICES.orderList, environment.ORDER_LIST_TABLE, environment.ORDER_LIST_QUEUE_URL),
  reader(SERVICES.webhookPlan, environment.WEBHOOKS_TABLE, environment.WEBHOOK_PLAN_QUEUE_URL),
  reader(SERVICES.recommendations, recommended, environment.RECOMMENDATIONS_QUEUE_URL),
];
const LOOK_BACK_MS = 26 * 3_600_000;

export const handler = taskFunction({
  service: SERVICES.outbox,
  schema: reconcileStreams,
  async handle({ since, graceSeconds }, { now }) {
    const from = (since ?? now - LOOK_BACK_MS) as EpochMs;
    const [log, store] = [dynamoCommitLog(orders), dynamoEventStore(orders)];
    const ports = { log, store, readers, source: ORDER_EVENT_SOURCE, newId: randomIds };
    const grace = graceSeconds === undefined ? {} : { graceMs: seconds(graceSeconds) };
    const answer = await reconcile({ ...ports, ...grace, clock: systemClock }, from);
    telemetry(SERVICES.outbox).count(METRICS.streamsBehind, answer.behind);
    telemetry(SERVICES.outbox).count(METRICS.messagesResent, answer.messages);
    return answer;
  },
});
