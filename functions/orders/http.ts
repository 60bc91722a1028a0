/**
 * The orders' HTTP function: which adapters its routes work with.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoOrderRecords } from "#adapters/aws/dynamodb/order-records";
import { kmsTokenVerifier } from "#adapters/aws/kms/token-verifier";
import { secretText } from "#adapters/aws/secrets";
import { signedCursors } from "#adapters/http/signed-cursor";
import { SERVICES } from "#contracts/metrics";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { telemetry } from "#runtime/telemetry";
import { auditLogs } from "./audit-logs.ts";
import { auditRoutes } from "./audit-routes.ts";
import { changeRoutes } from "./change-routes.ts";
import { changingPorts } from "./changing.ts";
import { liveOrderList } from "./live-projection.ts";
import { placeRoute } from "./place-route.ts";
import { placingPorts } from "./placing.ts";
import { readRoutes } from "./read-routes.ts";
import { refundRoutes } from "./refund-routes.ts";
import { sagaRoutes } from "./saga-routes.ts";

const environment = config(
  "ORDERS_TABLE",
  "CARTS_TABLE",
  "PRODUCTS_TABLE",
  "ORDER_LIST_TABLE",
  "PAYMENTS_TABLE",
  "STOCK_TABLE",
  "SAGA_ARN",
  "REFUND_ARN",
  "CURSOR_SECRET_ARN",
  "TOKEN_KEY_IDS",
  "TOKEN_ISSUER",
  "TOKEN_AUDIENCE",
);
const client = dynamoClient();
const told = telemetry(SERVICES.orders);

const changing = changingPorts(environment, told);
const reading = {
  records: dynamoOrderRecords({ client, table: environment.ORDERS_TABLE }),
  list: liveOrderList({ client, table: environment.ORDER_LIST_TABLE }),
  logs: auditLogs(environment.ORDERS_TABLE),
  cursors: signedCursors(() => secretText(environment.CURSOR_SECRET_ARN)),
};

export const handler = httpFunction({
  service: SERVICES.orders,
  verifier: kmsTokenVerifier(environment),
  routes: [
    placeRoute(placingPorts(environment), told),
    ...readRoutes(reading),
    ...auditRoutes(reading),
    ...changeRoutes(changing),
    ...refundRoutes(changing),
    ...sagaRoutes(changing),
  ],
});
