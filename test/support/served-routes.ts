/**
 * The routes of every HTTP function of the shop, without anything behind them: what they read can
 * be looked at, and none can be called.
 */
import type { HttpRoute } from "#runtime/http-route";
import { documentRoutes } from "../../functions/gateway/document-routes.ts";
import { healthRoutes } from "../../functions/gateway/health-routes.ts";
import { reservationRoutes } from "../../functions/inventory/reservation-routes.ts";
import { stockRoutes } from "../../functions/inventory/routes.ts";
import { auditRoutes } from "../../functions/orders/audit-routes.ts";
import { cartRoutes } from "../../functions/orders/cart-routes.ts";
import { changeRoutes } from "../../functions/orders/change-routes.ts";
import { placeRoute } from "../../functions/orders/place-route.ts";
import { readRoutes } from "../../functions/orders/read-routes.ts";
import { refundRoutes } from "../../functions/orders/refund-routes.ts";
import { sagaRoutes } from "../../functions/orders/saga-routes.ts";
import { webhookRoute as fulfilmentRoute } from "../../functions/orders/webhook-route.ts";
import { webhookRoute as paymentRoute } from "../../functions/payments/webhook-route.ts";
import { readRoutes as productReadRoutes } from "../../functions/products/read-routes.ts";
import { reviewReadRoutes } from "../../functions/products/review-read-routes.ts";
import { reviewWriteRoutes } from "../../functions/products/review-write-routes.ts";
import { searchRoutes } from "../../functions/products/search-routes.ts";
import { writeRoutes } from "../../functions/products/write-routes.ts";
import { jwksRoute, tokenRoute } from "../../functions/users/routes.ts";
import { changeRoutes as endpointChangeRoutes } from "../../functions/webhooks/change-routes.ts";
import { deliveryRoutes } from "../../functions/webhooks/delivery-routes.ts";
import { endpointRoutes } from "../../functions/webhooks/endpoint-routes.ts";

/** Whatever a route works with. */
const NOTHING = {} as never;

export const servedRoutes = (): readonly HttpRoute[] => [
  ...productReadRoutes(NOTHING),
  ...writeRoutes(NOTHING, NOTHING),
  ...reviewReadRoutes(NOTHING),
  ...reviewWriteRoutes(NOTHING),
  ...searchRoutes(NOTHING),
  ...stockRoutes(NOTHING),
  ...reservationRoutes(NOTHING),
  ...cartRoutes(NOTHING),
  placeRoute(NOTHING, NOTHING),
  ...readRoutes(NOTHING),
  ...changeRoutes(NOTHING),
  ...refundRoutes(NOTHING),
  ...sagaRoutes(NOTHING),
  ...auditRoutes(NOTHING),
  fulfilmentRoute(NOTHING, NOTHING),
  paymentRoute(NOTHING, NOTHING),
  ...endpointRoutes(NOTHING),
  ...endpointChangeRoutes(NOTHING),
  ...deliveryRoutes(NOTHING),
  tokenRoute(NOTHING),
  jwksRoute(NOTHING),
  ...healthRoutes(NOTHING),
  ...documentRoutes({ openApi: {}, asyncApi: {} }, ""),
];
