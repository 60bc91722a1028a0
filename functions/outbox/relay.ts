/**
 * Carries the committed events of orders out of their table: to those who read them in order, then
 * to everybody. Critical violations, which every table with heads may hold, go to everybody too.
 */
import { changeOf } from "#adapters/aws/dynamodb/change-stream";
import { eventBridgeClient } from "#adapters/aws/eventbridge/client";
import { eventBridgeEventBus } from "#adapters/aws/eventbridge/event-bus";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { ORDER_EVENT_READERS, ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import { METRICS, SERVICES } from "#contracts/metrics";
import { relay } from "#messaging";
import { config } from "#runtime/config";
import { streamFunction } from "#runtime/stream-function";
import { telemetry } from "#runtime/telemetry";

const environment = config(
  "SAGA_START_QUEUE_URL",
  "ORDER_LIST_QUEUE_URL",
  "RECOMMENDATIONS_QUEUE_URL",
  "EVENT_BUS_NAME",
);

const queue = (queueUrl: string) => sqsFifoSender({ client: sqsClient(), queueUrl });

const outbox = relay({
  source: ORDER_EVENT_SOURCE,
  routes: [
    {
      types: ORDER_EVENT_READERS["saga-start"],
      sender: queue(environment.SAGA_START_QUEUE_URL),
    },
    {
      types: ORDER_EVENT_READERS["order-list"],
      sender: queue(environment.ORDER_LIST_QUEUE_URL),
    },
    {
      types: ORDER_EVENT_READERS.recommendations,
      sender: queue(environment.RECOMMENDATIONS_QUEUE_URL),
    },
  ],
  bus: eventBridgeEventBus({ client: eventBridgeClient(), busName: environment.EVENT_BUS_NAME }),
});

export const handler = streamFunction({
  service: SERVICES.outbox,
  async forward(records) {
    const watched = telemetry(SERVICES.outbox);
    const { relayed, failed } = await outbox.forward(records.map(changeOf));
    watched.count(METRICS.relayedEvents, relayed);
    if (failed === undefined) return {};
    const cause = { error: failed.failure };
    watched.logger.warn("Events could not be relayed; they are read again.", cause);
    return { failedSequenceNumber: failed.position };
  },
});
