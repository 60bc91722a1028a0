/**
 * Carries the messages that deliveries are due out of the webhooks' table, into the queue that is
 * grouped by endpoint and order. Only critical violations are for everybody: what customers are
 * told is nobody else's event.
 */
import { changeOf } from "#adapters/aws/dynamodb/change-stream";
import { eventBridgeClient } from "#adapters/aws/eventbridge/client";
import { eventBridgeEventBus } from "#adapters/aws/eventbridge/event-bus";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { DELIVERY_DUE, WEBHOOK_EVENT_SOURCE } from "#contracts/events/webhook-events";
import { METRICS, SERVICES } from "#contracts/metrics";
import { claimChecks } from "#lambda/claim-check-place";
import { relay } from "#messaging";
import { config } from "#runtime/config";
import { streamFunction } from "#runtime/stream-function";
import { telemetry } from "#runtime/telemetry";

const environment = config("WEBHOOK_DELIVERY_QUEUE_URL", "EVENT_BUS_NAME");
const bus = eventBridgeEventBus({
  client: eventBridgeClient(),
  busName: environment.EVENT_BUS_NAME,
});

const outbox = relay({
  source: WEBHOOK_EVENT_SOURCE,
  routes: [
    {
      types: [DELIVERY_DUE],
      sender: sqsFifoSender({
        client: sqsClient(),
        queueUrl: environment.WEBHOOK_DELIVERY_QUEUE_URL,
      }),
    },
  ],
  bus: {
    async publish(envelopes) {
      const violations = envelopes.filter(({ type }) => type !== DELIVERY_DUE);
      if (violations.length > 0) await bus.publish(violations);
    },
  },
  claimChecks: claimChecks(),
});

export const handler = streamFunction({
  service: SERVICES.webhooks,
  async forward(records) {
    const watched = telemetry(SERVICES.webhooks);
    const { relayed, failed } = await outbox.forward(records.map(changeOf));
    watched.count(METRICS.relayedEvents, relayed);
    if (failed === undefined) return {};
    const cause = { error: failed.failure };
    watched.logger.warn("Deliveries could not be relayed; they are read again.", cause);
    return { failedSequenceNumber: failed.position };
  },
});
