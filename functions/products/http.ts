/**
 * The products' HTTP function: which adapters its routes work with.
 */
import { dynamoCategoryNames } from "#adapters/aws/dynamodb/category-names";
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoProductStore } from "#adapters/aws/dynamodb/product-store";
import { dynamoReviewStore } from "#adapters/aws/dynamodb/review-store";
import { kmsTokenVerifier } from "#adapters/aws/kms/token-verifier";
import { secretText } from "#adapters/aws/secrets";
import { signedCursors } from "#adapters/http/signed-cursor";
import { SERVICES } from "#contracts/metrics";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { readRoutes } from "./read-routes.ts";
import { reviewReadRoutes } from "./review-read-routes.ts";
import { reviewWriteRoutes } from "./review-write-routes.ts";
import { writeRoutes } from "./write-routes.ts";

const environment = config(
  "PRODUCTS_TABLE",
  "REVIEWS_TABLE",
  "ORDERS_TABLE",
  "CURSOR_SECRET_ARN",
  "TOKEN_KEY_IDS",
  "TOKEN_ISSUER",
  "TOKEN_AUDIENCE",
);
const client = dynamoClient();
const productsTable = environment.PRODUCTS_TABLE;
const catalogue = { client, table: productsTable };
const ports = {
  products: dynamoProductStore(catalogue),
  categories: dynamoCategoryNames(catalogue),
  reviews: dynamoReviewStore({ client, table: environment.REVIEWS_TABLE, productsTable }),
  orders: dynamoEventStore({ client, table: environment.ORDERS_TABLE }),
  cursors: signedCursors(() => secretText(environment.CURSOR_SECRET_ARN)),
};

export const handler = httpFunction({
  service: SERVICES.products,
  verifier: kmsTokenVerifier(environment),
  routes: [
    ...readRoutes(ports),
    ...writeRoutes(ports),
    ...reviewReadRoutes(ports),
    ...reviewWriteRoutes(ports),
  ],
});
