/**
 * What changing an order works with, the same for its routes and for what looks after sagas.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoPaymentSteps } from "#adapters/aws/dynamodb/payment-steps";
import { dynamoReviewTokens } from "#adapters/aws/dynamodb/review-tokens";
import { dynamoStockItems } from "#adapters/aws/dynamodb/stock-items";
import { stepFunctionsClient } from "#adapters/aws/stepfunctions/client";
import { stepFunctionsCallbacks } from "#adapters/aws/stepfunctions/saga-callbacks";
import { machinesOf, stepFunctionsSagaStarter } from "#adapters/aws/stepfunctions/saga-starter";
import { METRICS } from "#contracts/metrics";
import type { Telemetry } from "#runtime/telemetry";
import type { OrderWatch, StepRecords } from "#services/orders/ports";
import type { ChangePorts } from "#services/orders/usecases/change-order";
import { liveOrderWatch } from "./live-projection.ts";
import { tellPostponed, tellStarts } from "./saga-outcomes.ts";
import { stepRecords } from "./step-records.ts";

type Told = "ORDERS_TABLE" | "ORDER_LIST_TABLE" | "PAYMENTS_TABLE" | "STOCK_TABLE";
type Environment = Readonly<Record<Told | "SAGA_ARN" | "REFUND_ARN", string>>;

export function changingPorts(
  environment: Environment,
  telemetry: Pick<Telemetry, "count" | "logger">,
): ChangePorts & { readonly watch: OrderWatch; readonly records: StepRecords } {
  const client = dynamoClient();
  const orders = { client, table: environment.ORDERS_TABLE };
  return {
    store: dynamoEventStore(orders),
    tokens: dynamoReviewTokens(orders),
    watch: liveOrderWatch({ client, table: environment.ORDER_LIST_TABLE }),
    records: stepRecords({
      steps: dynamoPaymentSteps({ client, table: environment.PAYMENTS_TABLE }),
      stock: dynamoStockItems({ client, table: environment.STOCK_TABLE }),
    }),
    starter: stepFunctionsSagaStarter({
      client: stepFunctionsClient(),
      machines: machinesOf(environment),
    }),
    callbacks: stepFunctionsCallbacks(stepFunctionsClient()),
    tell: tellStarts(telemetry),
    tellWoken(orderId, end) {
      if (end === "woken") return;
      telemetry.count(METRICS.callbacksLate);
      telemetry.logger.info("Nobody waited for this callback any more.", { orderId });
    },
    tellPostponed: tellPostponed(telemetry),
  };
}
