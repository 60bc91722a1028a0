/**
 * The products' HTTP function: which adapters its routes work with.
 */
import { dynamoCategoryNames } from "#adapters/aws/dynamodb/category-names";
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoProductStore } from "#adapters/aws/dynamodb/product-store";
import { kmsTokenVerifier } from "#adapters/aws/kms/token-verifier";
import { secretText } from "#adapters/aws/secrets";
import { signedCursors } from "#adapters/http/signed-cursor";
import { SERVICES } from "#contracts/metrics";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { readRoutes } from "./read-routes.ts";
import { writeRoutes } from "./write-routes.ts";

const environment = config(
  "PRODUCTS_TABLE",
  "CURSOR_SECRET_ARN",
  "TOKEN_KEY_IDS",
  "TOKEN_ISSUER",
  "TOKEN_AUDIENCE",
);
const catalogue = { client: dynamoClient(), table: environment.PRODUCTS_TABLE };
const ports = {
  products: dynamoProductStore(catalogue),
  categories: dynamoCategoryNames(catalogue),
  cursors: signedCursors(() => secretText(environment.CURSOR_SECRET_ARN)),
};

export const handler = httpFunction({
  service: SERVICES.products,
  verifier: kmsTokenVerifier(environment),
  routes: [...readRoutes(ports), ...writeRoutes(ports)],
});
