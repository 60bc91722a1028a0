/**
 * The order's own steps of its saga and of its refunds.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoReviewTokens } from "#adapters/aws/dynamodb/review-tokens";
import { stepFunctionsClient } from "#adapters/aws/stepfunctions/client";
import { stepFunctionsSagaStarter } from "#adapters/aws/stepfunctions/saga-starter";
import { SERVICES } from "#contracts/metrics";
import { orderTask } from "#contracts/saga";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { telemetry } from "#runtime/telemetry";
import { runOrderTask } from "#services/orders/usecases/saga-steps";
import { tellPostponed, tellStarts } from "./saga-outcomes.ts";

const { ORDERS_TABLE: table, REFUND_ARN: refund } = config("ORDERS_TABLE", "REFUND_ARN");
const orders = { client: dynamoClient(), table };
const told = telemetry(SERVICES.orders);

const ports = {
  store: dynamoEventStore(orders),
  tokens: dynamoReviewTokens(orders),
  starter: stepFunctionsSagaStarter({ client: stepFunctionsClient(), machines: { refund } }),
  tell: tellStarts(told),
  tellPostponed: tellPostponed(told),
};

export const handler = taskFunction({
  service: SERVICES.orders,
  schema: orderTask,
  handle: (task, { now }) => runOrderTask(ports, task, { now }),
});
