/**
 * Compares what orders and planned webhooks have written with what the consumers behind their
 * relays have, and sends them what they lack at the end of a stream.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoCommitLog } from "#adapters/aws/dynamodb/commit-log";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import { WEBHOOK_EVENT_SOURCE } from "#contracts/events/webhook-events";
import { METRICS, SERVICES } from "#contracts/metrics";
import { reconcileStreams } from "#contracts/operator";
import { systemClock } from "#kernel/clock";
import { randomIds } from "#kernel/ids";
import { type EpochMs, seconds } from "#kernel/units";
import { reconcileAll } from "#messaging";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { telemetry } from "#runtime/telemetry";
import { orderReaders, webhookReaders } from "./readers.ts";

const environment = config(
  "ORDERS_TABLE",
  "SAGA_START_QUEUE_URL",
  "ORDER_LIST_TABLE",
  "ORDER_LIST_QUEUE_URL",
  "WEBHOOKS_TABLE",
  "WEBHOOK_PLAN_QUEUE_URL",
  "WEBHOOK_DELIVERY_QUEUE_URL",
  "RECOMMENDATIONS_TABLE",
  "RECOMMENDATIONS_QUEUE_URL",
);
const written = (table: string) => {
  const place = { client: dynamoClient(), table };
  return { log: dynamoCommitLog(place), store: dynamoEventStore(place), newId: randomIds };
};
const [orders, webhooks] = [written(environment.ORDERS_TABLE), written(environment.WEBHOOKS_TABLE)];
const producers = [
  { ...orders, readers: orderReaders(environment), source: ORDER_EVENT_SOURCE },
  { ...webhooks, readers: webhookReaders(environment), source: WEBHOOK_EVENT_SOURCE },
];

/** It runs once a day. */
const LOOK_BACK_MS = 26 * 3_600_000;

export const handler = taskFunction({
  service: SERVICES.outbox,
  schema: reconcileStreams,
  async handle({ since, graceSeconds }, { now }) {
    const from = (since ?? now - LOOK_BACK_MS) as EpochMs;
    const grace = graceSeconds === undefined ? {} : { graceMs: seconds(graceSeconds) };
    const timed = producers.map((producer) => ({ ...producer, ...grace, clock: systemClock }));
    const answer = await reconcileAll(timed, from);
    telemetry(SERVICES.outbox).count(METRICS.streamsBehind, answer.behind);
    telemetry(SERVICES.outbox).count(METRICS.messagesResent, answer.messages);
    return answer;
  },
});
