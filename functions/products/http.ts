/**
 * The products' HTTP function; each sandbox keeps copies of its own.
 */
import { config } from "#runtime/config";
import { productsFunction } from "./products-function.ts";

const environment = config(
  "PRODUCTS_TABLE",
  "PRODUCT_FRESH_SECONDS",
  "REVIEWS_TABLE",
  "ORDERS_TABLE",
  "CURSOR_SECRET_ARN",
  "TOKEN_KEY_IDS",
  "TOKEN_ISSUER",
  "TOKEN_AUDIENCE",
);

export const handler = productsFunction(environment, []);
