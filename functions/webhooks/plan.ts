/**
 * The ordered consumer that turns each event of an order into the deliveries that are due, in one
 * transaction with its position.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoOrderOwners } from "#adapters/aws/dynamodb/order-owners";
import { dynamoWebhookEndpoints } from "#adapters/aws/dynamodb/webhook-endpoints";
import { dynamoWebhookLanes, webhookWrites } from "#adapters/aws/dynamodb/webhook-lanes";
import { ORDER_EVENT_READERS, ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import { SERVICES } from "#contracts/metrics";
import { claimChecks } from "#lambda/claim-check-place";
import { orderedConsumer } from "#lambda/ordered-consumer";
import { config } from "#runtime/config";
import { telemetry } from "#runtime/telemetry";
import { planningHandler } from "#services/webhooks/plan-deliveries";
import { askTheStore } from "./ask-the-store.ts";

const environment = config(
  "ORDERS_TABLE",
  "WEBHOOKS_TABLE",
  "WEBHOOK_PLAN_QUEUE_URL",
  "INORDER_GAP_DEADLINE_SECONDS",
);
const client = dynamoClient();
const orders = { client, table: environment.ORDERS_TABLE };
const webhooks = { client, table: environment.WEBHOOKS_TABLE };

export const handler = orderedConsumer({
  consumer: SERVICES.webhookPlan,
  handler: planningHandler({
    owners: dynamoOrderOwners(orders),
    endpoints: dynamoWebhookEndpoints(webhooks),
    lanes: dynamoWebhookLanes(webhooks),
  }),
  writes: webhookWrites(webhooks.table),
  // An endpoint that was made, changed or disabled a moment ago counts for the next event.
  settings: { streamsCachedMax: 0 },
  ...askTheStore({
    store: dynamoEventStore(orders),
    queueUrl: environment.WEBHOOK_PLAN_QUEUE_URL,
    source: ORDER_EVENT_SOURCE,
    types: ORDER_EVENT_READERS[SERVICES.webhookPlan],
    deadlineSeconds: environment.INORDER_GAP_DEADLINE_SECONDS,
    claimChecks: claimChecks(),
  }),
  telemetry: telemetry(SERVICES.webhookPlan),
});
