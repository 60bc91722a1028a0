/**
 * Carries what was committed out of its table: to those who read it in order, then to everybody.
 * Orders commit events, products their next version. Critical violations, which every table with
 * heads may hold, go to everybody too.
 */
import { changeOf } from "#adapters/aws/dynamodb/change-stream";
import { isOfProducts, productChangeOf } from "#adapters/aws/dynamodb/product-changes";
import { eventBridgeClient } from "#adapters/aws/eventbridge/client";
import { eventBridgeEventBus } from "#adapters/aws/eventbridge/event-bus";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { ORDER_EVENT_READERS, ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import { PRODUCT_EVENT_READERS, PRODUCT_EVENT_SOURCE } from "#contracts/events/product-events";
import { METRICS, SERVICES } from "#contracts/metrics";
import { relay } from "#messaging";
import { config } from "#runtime/config";
import { streamFunction } from "#runtime/stream-function";
import { telemetry } from "#runtime/telemetry";

const environment = config(
  "SAGA_START_QUEUE_URL",
  "ORDER_LIST_QUEUE_URL",
  "PRODUCT_SEARCH_QUEUE_URL",
  "WEBHOOK_PLAN_QUEUE_URL",
  "EVENT_BUS_NAME",
);
const bus = eventBridgeEventBus({
  client: eventBridgeClient(),
  busName: environment.EVENT_BUS_NAME,
});
const route = (types: readonly string[], queueUrl: string) => ({
  types,
  sender: sqsFifoSender({ client: sqsClient(), queueUrl }),
});

const orders = relay({
  source: ORDER_EVENT_SOURCE,
  routes: [
    route(ORDER_EVENT_READERS["saga-start"], environment.SAGA_START_QUEUE_URL),
    route(ORDER_EVENT_READERS["order-list"], environment.ORDER_LIST_QUEUE_URL),
    route(ORDER_EVENT_READERS["webhook-plan"], environment.WEBHOOK_PLAN_QUEUE_URL),
  ],
  bus,
});
const products = relay({
  source: PRODUCT_EVENT_SOURCE,
  routes: [route(PRODUCT_EVENT_READERS["product-search"], environment.PRODUCT_SEARCH_QUEUE_URL)],
  bus,
});

export const handler = streamFunction({
  service: SERVICES.outbox,
  async forward(records) {
    const watched = telemetry(SERVICES.outbox);
    // A batch is of one table's stream.
    const { relayed, failed } = records.some(isOfProducts)
      ? await products.forward(records.map(productChangeOf))
      : await orders.forward(records.map(changeOf));
    watched.count(METRICS.relayedEvents, relayed);
    if (failed === undefined) return {};
    const cause = { error: failed.failure };
    watched.logger.warn("Events could not be relayed; they are read again.", cause);
    return { failedSequenceNumber: failed.position };
  },
});
