/**
 * The products' HTTP function over copies that sandboxes share; in the place of `http.ts` where a
 * stage says so.
 */
import { seconds } from "#kernel/units";
import { config } from "#runtime/config";
import { PRODUCTS_ENVIRONMENT, productsFunction } from "./products-function.ts";
import { sharedCopies } from "./shared-copies.ts";

const environment = config(...PRODUCTS_ENVIRONMENT, "CACHE_SECRET_ARN", "CACHE_FRESH_SECONDS");

export const handler = productsFunction(environment, [
  {
    name: "valkey",
    cache: sharedCopies(environment),
    freshMs: seconds(Number(environment.CACHE_FRESH_SECONDS)),
  },
]);
