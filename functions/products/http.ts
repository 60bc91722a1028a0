/**
 * The products' HTTP function: which adapters its routes work with.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoProductStore } from "#adapters/aws/dynamodb/product-store";
import { secretText } from "#adapters/aws/secrets";
import { signedCursors } from "#adapters/http/signed-cursor";
import { SERVICES } from "#contracts/metrics";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { catalogueRoutes } from "./routes.ts";

const { PRODUCTS_TABLE, CURSOR_SECRET_ARN } = config("PRODUCTS_TABLE", "CURSOR_SECRET_ARN");

export const handler = httpFunction({
  service: SERVICES.products,
  routes: catalogueRoutes({
    products: dynamoProductStore({ client: dynamoClient(), table: PRODUCTS_TABLE }),
    cursors: signedCursors(() => secretText(CURSOR_SECRET_ARN)),
  }),
});
