/**
 * Keeps the order list: each order's events folded into one item, which an index makes a customer's
 * list.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { ORDER_LIST_CONSUMER, orderListIndex } from "#adapters/aws/dynamodb/order-list";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { ORDER_EVENT_READERS, ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import { SERVICES } from "#contracts/metrics";
import { consumerIn } from "#contracts/projection";
import { seconds } from "#kernel/units";
import { claimChecks } from "#lambda/claim-check-place";
import { orderedConsumer } from "#lambda/ordered-consumer";
import { generationsOf } from "#lambda/projection/generations-of";
import { projecting } from "#lambda/projection/projecting";
import { config } from "#runtime/config";
import { telemetry } from "#runtime/telemetry";
import { orderListProjection } from "#services/orders/usecases/project-order-list";
import { askOurStore } from "./gap-of-orders.ts";

const environment = config(
  "INORDER_TABLE",
  "ORDERS_TABLE",
  "ORDER_LIST_QUEUE_URL",
  "INORDER_GAP_DEADLINE_SECONDS",
);
const claimCheckStore = claimChecks();
const deadline = seconds(Number(environment.INORDER_GAP_DEADLINE_SECONDS));
const client = dynamoClient();
const place = { client, table: environment.INORDER_TABLE };

const heads = (generation: number) =>
  dynamoHeadStore({
    ...place,
    consumer: consumerIn(ORDER_LIST_CONSUMER, generation),
    listedAs: ORDER_LIST_CONSUMER,
    writes: noWrites,
    index: orderListIndex(generation),
  });

export const handler = projecting({
  generations: generationsOf(place),
  heads,
  consumer: (generation, told) =>
    orderedConsumer({
      consumer: ORDER_LIST_CONSUMER,
      handler: orderListProjection,
      heads: heads(generation),
      ...askOurStore(environment, deadline, claimCheckStore),
      claimChecks: claimCheckStore,
      telemetry: told,
    }),
  telemetry: telemetry(SERVICES.orderList),
  store: dynamoEventStore({ client, table: environment.ORDERS_TABLE }),
  source: ORDER_EVENT_SOURCE,
  types: ORDER_EVENT_READERS[ORDER_LIST_CONSUMER],
  claimChecks: claimCheckStore,
});
