/**
 * Keeps the order list: each order's events folded into one item, which an index makes a customer's
 * list.
 */
import { ORDER_LIST_CONSUMER, orderListIndex } from "#adapters/aws/dynamodb/order-list";
import { SERVICES } from "#contracts/metrics";
import { seconds } from "#kernel/units";
import { orderedConsumer } from "#lambda/ordered-consumer";
import { config } from "#runtime/config";
import { telemetry } from "#runtime/telemetry";
import { orderListProjection } from "#services/orders/usecases/project-order-list";
import { askOurStore } from "./gap-of-orders.ts";

const environment = config("ORDERS_TABLE", "ORDER_LIST_QUEUE_URL", "INORDER_GAP_DEADLINE_SECONDS");
const deadline = seconds(Number(environment.INORDER_GAP_DEADLINE_SECONDS));

export const handler = orderedConsumer({
  consumer: ORDER_LIST_CONSUMER,
  handler: orderListProjection,
  index: orderListIndex,
  ...askOurStore(environment, deadline),
  telemetry: telemetry(SERVICES.orderList),
});
