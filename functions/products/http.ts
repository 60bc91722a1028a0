/**
 * The products' HTTP function; each sandbox keeps copies of its own.
 */
import { config } from "#runtime/config";
import { PRODUCTS_ENVIRONMENT, productsFunction } from "./products-function.ts";

export const handler = productsFunction(config(...PRODUCTS_ENVIRONMENT), []);
