/**
 * The ordered consumer that sends: deliveries to one endpoint about one order go out one after the
 * other. It reads nothing but the webhooks' own table.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoWebhookDeliveries } from "#adapters/aws/dynamodb/webhook-deliveries";
import { dynamoWebhookEndpoints } from "#adapters/aws/dynamodb/webhook-endpoints";
import { systemRandom } from "#adapters/http/system-random";
import { httpWebhookSender } from "#adapters/http/webhook-sender";
import { DELIVERY_DUE, WEBHOOK_EVENT_SOURCE } from "#contracts/events/webhook-events";
import { SERVICES } from "#contracts/metrics";
import { systemClock } from "#kernel/clock";
import { seconds } from "#kernel/units";
import { claimChecks } from "#lambda/claim-check-place";
import { orderedConsumer } from "#lambda/ordered-consumer";
import { config } from "#runtime/config";
import { telemetry } from "#runtime/telemetry";
import { deliveryHandler } from "#services/webhooks/deliver-webhook";
import { askTheStore } from "./ask-the-store.ts";
import { targetRules } from "./target-rules.ts";
import { tellAttempts } from "./tell-attempts.ts";

const environment = config(
  "WEBHOOKS_TABLE",
  "WEBHOOK_TARGETS",
  "WEBHOOK_DELIVERY_QUEUE_URL",
  "INORDER_GAP_DEADLINE_SECONDS",
  "INORDER_ATTEMPTS_MAX",
);
const webhooks = { client: dynamoClient(), table: environment.WEBHOOKS_TABLE };
const rules = targetRules(environment.WEBHOOK_TARGETS);
const told = telemetry(SERVICES.webhookDelivery);
/** Of one call. */
const timeout = seconds(8);
/** Longer than a call with all that is recorded of it. */
const lease = seconds(22);

export const handler = orderedConsumer({
  consumer: SERVICES.webhookDelivery,
  handler: deliveryHandler(
    {
      deliveries: dynamoWebhookDeliveries(webhooks),
      endpoints: dynamoWebhookEndpoints(webhooks),
      sender: httpWebhookSender({ rules, timeout, clock: systemClock }),
      clock: systemClock,
      random: systemRandom,
      tell: tellAttempts(told),
      attemptsMax: Number(environment.INORDER_ATTEMPTS_MAX),
    },
    lease,
  ),
  ...askTheStore({
    store: dynamoEventStore(webhooks),
    queueUrl: environment.WEBHOOK_DELIVERY_QUEUE_URL,
    source: WEBHOOK_EVENT_SOURCE,
    types: [DELIVERY_DUE],
    deadlineSeconds: environment.INORDER_GAP_DEADLINE_SECONDS,
    claimChecks: claimChecks(),
  }),
  telemetry: told,
});
