/**
 * The carts' HTTP function: anybody may call it, so it has no right to write orders.
 */
import { dynamoCartStore } from "#adapters/aws/dynamodb/cart-store";
import { dynamoCatalogue } from "#adapters/aws/dynamodb/catalogue";
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { kmsTokenVerifier } from "#adapters/aws/kms/token-verifier";
import { SERVICES } from "#contracts/metrics";
import { randomSecrets } from "#kernel/ids";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { cartRoutes } from "./cart-routes.ts";

const environment = config(
  "CARTS_TABLE",
  "PRODUCTS_TABLE",
  "ORDERS_TABLE",
  "TOKEN_KEY_IDS",
  "TOKEN_ISSUER",
  "TOKEN_AUDIENCE",
);
const client = dynamoClient();

export const handler = httpFunction({
  service: SERVICES.orders,
  verifier: kmsTokenVerifier(environment),
  routes: cartRoutes({
    carts: dynamoCartStore({ client, table: environment.CARTS_TABLE }),
    catalogue: dynamoCatalogue({ client, table: environment.PRODUCTS_TABLE }),
    orders: dynamoEventStore({ client, table: environment.ORDERS_TABLE }),
    newSecret: randomSecrets,
  }),
});
