/**
 * The products' HTTP function over copies that sandboxes share; in the place of `http.ts` where a
 * stage says so.
 */
import { seconds } from "#kernel/units";
import { config } from "#runtime/config";
import { productsFunction } from "./products-function.ts";
import { sharedCopies } from "./shared-copies.ts";

const environment = config(
  "PRODUCTS_TABLE",
  "PRODUCT_FRESH_SECONDS",
  "CACHE_SECRET_ARN",
  "CACHE_FRESH_SECONDS",
  "REVIEWS_TABLE",
  "ORDERS_TABLE",
  "CURSOR_SECRET_ARN",
  "TOKEN_KEY_IDS",
  "TOKEN_ISSUER",
  "TOKEN_AUDIENCE",
);

export const handler = productsFunction(environment, [
  {
    name: "valkey",
    cache: sharedCopies(environment),
    freshMs: seconds(Number(environment.CACHE_FRESH_SECONDS)),
  },
]);
