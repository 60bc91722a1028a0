/**
 * The order's own steps of its saga and of its refunds.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoReviewTokens } from "#adapters/aws/dynamodb/review-tokens";
import { SERVICES } from "#contracts/metrics";
import { orderTask } from "#contracts/saga";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { runOrderTask } from "#services/orders/usecases/saga-steps";

const orders = { client: dynamoClient(), table: config("ORDERS_TABLE").ORDERS_TABLE };

const ports = { store: dynamoEventStore(orders), tokens: dynamoReviewTokens(orders) };

export const handler = taskFunction({
  service: SERVICES.orders,
  schema: orderTask,
  handle: (task, { now }) => runOrderTask(ports, task, { now }),
});
