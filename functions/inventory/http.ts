/**
 * The inventory's HTTP function: which adapters its routes work with.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoStockStore } from "#adapters/aws/dynamodb/stock-store";
import { kmsTokenVerifier } from "#adapters/aws/kms/token-verifier";
import { SERVICES } from "#contracts/metrics";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { stockRoute } from "./routes.ts";

const environment = config("STOCK_TABLE", "TOKEN_KEY_IDS", "TOKEN_ISSUER", "TOKEN_AUDIENCE");
const stock = dynamoStockStore({ client: dynamoClient(), table: environment.STOCK_TABLE });

export const handler = httpFunction({
  service: SERVICES.inventory,
  verifier: kmsTokenVerifier(environment),
  routes: [stockRoute({ stock })],
});
