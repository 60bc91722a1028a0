/**
 * What every route of the route table takes and answers: a route without its operation does not
 * compile.
 */
import type { RouteKey } from "../routes.ts";
import { CART_OPERATIONS } from "./cart-operations.ts";
import { CATALOGUE_OPERATIONS } from "./catalogue-operations.ts";
import { GATEWAY_OPERATIONS } from "./gateway-operations.ts";
import type { Operation } from "./operation.ts";
import { ORDER_OPERATIONS } from "./order-operations.ts";
import { STOCK_OPERATIONS } from "./stock-operations.ts";
import { WEBHOOK_OPERATIONS } from "./webhook-operations.ts";

export const OPERATIONS: Readonly<Record<RouteKey, Operation>> = {
  ...CATALOGUE_OPERATIONS,
  ...STOCK_OPERATIONS,
  ...CART_OPERATIONS,
  ...ORDER_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
  ...GATEWAY_OPERATIONS,
};
