/**
 * The outboxes that the relay empties: what each table's changes are called, and who reads them in
 * order.
 */
import { eventBridgeClient } from "#adapters/aws/eventbridge/client";
import { eventBridgeEventBus } from "#adapters/aws/eventbridge/event-bus";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import type { EnvKey } from "#contracts/env";
import { ORDER_EVENT_READERS, ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import { PRODUCT_EVENT_SOURCE } from "#contracts/events/product-events";
import { type ClaimCheckStore, type FifoSender, relay } from "#messaging";

type Ways = Extract<
  EnvKey,
  | "SAGA_START_QUEUE_URL"
  | "ORDER_LIST_QUEUE_URL"
  | "WEBHOOK_PLAN_QUEUE_URL"
  | "RECOMMENDATIONS_QUEUE_URL"
  | "EVENT_BUS_NAME"
>;

export type OutboxPorts = {
  /** To a queue by its URL. */
  readonly sender?: (queueUrl: string) => FifoSender;
  /** Default: what is too large cannot be sent. */
  readonly claimChecks?: ClaimCheckStore;
};

export function outboxes(
  environment: Readonly<Record<Ways, string>>,
  { sender = toQueue, claimChecks }: OutboxPorts = {},
) {
  const route = (types: readonly string[], queueUrl: string) => ({
    types,
    sender: sender(queueUrl),
  });
  const busName = environment.EVENT_BUS_NAME;
  const bus = eventBridgeEventBus({ client: eventBridgeClient(), busName });
  const orders = relay({
    source: ORDER_EVENT_SOURCE,
    routes: [
      route(ORDER_EVENT_READERS["saga-start"], environment.SAGA_START_QUEUE_URL),
      route(ORDER_EVENT_READERS["order-list"], environment.ORDER_LIST_QUEUE_URL),
      route(ORDER_EVENT_READERS["webhook-plan"], environment.WEBHOOK_PLAN_QUEUE_URL),
      route(ORDER_EVENT_READERS.recommendations, environment.RECOMMENDATIONS_QUEUE_URL),
    ],
    bus,
    claimChecks,
  });
  const products = relay({ source: PRODUCT_EVENT_SOURCE, routes: [], bus, claimChecks });
  return { orders, products };
}

const toQueue = (queueUrl: string): FifoSender => sqsFifoSender({ client: sqsClient(), queueUrl });
