/**
 * Looks after sagas: as the watchdog when the clock calls it, for an operator when he asks.
 */
import { METRICS, SERVICES } from "#contracts/metrics";
import { sagaRequest } from "#contracts/operator";
import { seconds } from "#kernel/units";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { telemetry } from "#runtime/telemetry";
import {
  resolveSaga,
  retrySaga,
  showSaga,
  statedOutcome,
  stuckSagas,
} from "#services/orders/usecases/repair-sagas";
import { watchOrders } from "#services/orders/usecases/watch-orders";
import { changingPorts } from "./changing.ts";

const environment = config(
  "ORDERS_TABLE",
  "ORDER_LIST_TABLE",
  "PAYMENTS_TABLE",
  "STOCK_TABLE",
  "SAGA_ARN",
  "REFUND_ARN",
);
const told = telemetry(SERVICES.sagaStart);

const ports = {
  ...changingPorts(environment, told),
  tellLate(orderId: string, run: string, since: number) {
    told.count(METRICS.sagasLate);
    told.logger.error("A run takes too long.", { orderId, run, since });
  },
};

export const handler = taskFunction({
  service: SERVICES.sagaStart,
  schema: sagaRequest,
  async handle(request, { now }) {
    switch (request.action) {
      case "watch":
        return await watchOrders(ports, { now }, seconds(request.aheadSeconds));
      case "list":
        return await stuckSagas(ports, request.limit);
      case "show":
        return await showSaga(ports, request.orderId);
      case "retry":
        return await retrySaga(ports, request, { now });
      case "resolve": {
        const stated = statedOutcome(request.stated);
        return await resolveSaga(ports, { ...request, stated }, { now });
      }
      default:
        return request satisfies never;
    }
  },
});
