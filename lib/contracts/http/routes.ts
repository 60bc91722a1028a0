/**
 * The route table: the single source of what is deployed, who may call it and which function
 * answers it. A route without a row does not exist; a row without a scope is open to everybody on
 * purpose.
 */
import { CATALOGUE_ROUTES } from "./catalogue-routes.ts";
import { GATEWAY_ROUTES } from "./gateway-routes.ts";
import { ORDER_ROUTES } from "./order-routes.ts";
import type { Route } from "./route.ts";
import { WEBHOOK_ROUTES } from "./webhook-routes.ts";

export const ROUTES = [
  ...CATALOGUE_ROUTES,
  ...ORDER_ROUTES,
  ...WEBHOOK_ROUTES,
  ...GATEWAY_ROUTES,
  {
    method: "POST",
    path: "/oauth2/token",
    entry: "users/auth",
    access: "public",
    limit: "tokens",
    repetition: "changes-nothing",
  },
  { method: "GET", path: "/.well-known/jwks.json", entry: "users/jwks", access: "public" },
  {
    method: "POST",
    path: "/v1/webhooks/fulfilment",
    entry: "orders/webhook",
    access: "signature",
    repetition: "ordered-consumer",
  },
  {
    method: "POST",
    path: "/v1/webhooks/payments",
    entry: "payments/webhook",
    access: "signature",
    repetition: "ordered-consumer",
  },
] as const satisfies readonly Route[];

type Row = (typeof ROUTES)[number];
type KeyOf<One extends Row> = One extends Row ? `${One["method"]} ${One["path"]}` : never;

/** Method and path of a row that there is. */
export type RouteKey = KeyOf<Row>;
