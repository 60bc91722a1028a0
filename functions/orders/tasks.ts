/**
 * The order's own steps of its saga.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { SERVICES } from "#contracts/metrics";
import { orderTask } from "#contracts/saga";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { beginSaga, confirmOrder, rejectOrder } from "#services/orders/usecases/saga-steps";

const { ORDERS_TABLE } = config("ORDERS_TABLE");

const ports = { store: dynamoEventStore({ client: dynamoClient(), table: ORDERS_TABLE }) };

export const handler = taskFunction({
  service: SERVICES.orders,
  schema: orderTask,
  async handle(task, { now }) {
    switch (task.step) {
      case "begin":
        return beginSaga(ports, task.orderId);
      case "confirm":
        await confirmOrder(ports, task, { now });
        return { orderId: task.orderId };
      case "reject":
        await rejectOrder(ports, task, { now });
        return { orderId: task.orderId };
      default:
        return task satisfies never;
    }
  },
});
