/**
 * The route table: the single source of what is deployed, who may call it and which function
 * answers it. A route without a row does not exist; a row without a scope is open to everybody on
 * purpose.
 */
import type { Scope } from "./auth.ts";

export type Route = {
  /** API Gateway's resource path. */
  readonly path: string;
  /** The function that answers, by its file below `functions/`. */
  readonly entry: string;
} & (
  | { readonly method: "GET"; readonly access: Access }
  | { readonly method: Changing; readonly access: Access; readonly repetition: Repetition }
  // A key belongs to its caller, so there has to be one.
  | { readonly method: Changing; readonly access: Scope; readonly repetition: FromRecord }
);

/**
 * A scope of the caller's token; or `public`, a `signature` over the raw body, the merchant's
 * `api-key`.
 */
export type Access = Scope | "public" | "signature" | "api-key";

type Changing = "POST" | "PATCH" | "PUT" | "DELETE";

type FromRecord = "answered-from-record";

/**
 * Why a request that is sent twice does not work twice:
 * - `answered-from-record`: the onion asks for an Idempotency-Key and keeps the answer under it.
 * - `found-by-key`: the key names what the request makes, so its own write refuses a second; a
 *   record beside it would be weaker.
 * - `ordered-consumer`: the sender's own message id reaches the consumer, which drops duplicates
 *   and counts them; an answer from a record would hide them from it.
 * - `decided-once`: the order's own stream holds the decision; said again it changes nothing or is
 *   refused.
 * - `changes-nothing`: and its answer is a secret, of which no copy is kept.
 */
type Repetition = "found-by-key" | "ordered-consumer" | "decided-once" | "changes-nothing";

export const ROUTES = [
  {
    method: "POST",
    path: "/oauth2/token",
    entry: "users/auth",
    access: "public",
    repetition: "changes-nothing",
  },
  { method: "GET", path: "/.well-known/jwks.json", entry: "users/jwks", access: "public" },
  { method: "GET", path: "/v1/products", entry: "products/http", access: "public" },
  { method: "GET", path: "/v1/products/{sku}", entry: "products/http", access: "public" },
  { method: "GET", path: "/v1/inventory/{sku}", entry: "inventory/http", access: "inventory:read" },
  {
    method: "POST",
    path: "/v1/inventory/{sku}/adjustments",
    entry: "inventory/http",
    access: "inventory:write",
    repetition: "answered-from-record",
  },
  {
    method: "POST",
    path: "/v1/orders",
    entry: "orders/http",
    access: "orders:write",
    repetition: "found-by-key",
  },
  { method: "GET", path: "/v1/orders", entry: "orders/http", access: "orders:read" },
  { method: "GET", path: "/v1/orders/{orderId}", entry: "orders/http", access: "orders:read" },
  {
    method: "GET",
    path: "/v1/orders/{orderId}/events",
    entry: "orders/http",
    access: "orders:read",
  },
  {
    method: "POST",
    path: "/v1/orders/{orderId}/cancel",
    entry: "orders/http",
    access: "orders:write",
    repetition: "decided-once",
  },
  {
    method: "POST",
    path: "/v1/orders/{orderId}/review",
    entry: "orders/http",
    access: "orders:operate",
    repetition: "decided-once",
  },
  {
    method: "POST",
    path: "/v1/orders/{orderId}/refunds",
    entry: "orders/http",
    access: "orders:operate",
    repetition: "found-by-key",
  },
  {
    method: "POST",
    path: "/v1/orders/{orderId}/returns",
    entry: "orders/http",
    access: "orders:write",
    repetition: "found-by-key",
  },
  {
    method: "POST",
    path: "/v1/orders/{orderId}/returns/{returnId}/receive",
    entry: "orders/http",
    access: "orders:operate",
    repetition: "decided-once",
  },
  { method: "GET", path: "/v1/admin/sagas", entry: "orders/http", access: "orders:operate" },
  {
    method: "GET",
    path: "/v1/admin/sagas/{orderId}",
    entry: "orders/http",
    access: "orders:operate",
  },
  {
    method: "POST",
    path: "/v1/admin/sagas/{orderId}/retry",
    entry: "orders/http",
    access: "orders:operate",
    repetition: "decided-once",
  },
  {
    method: "POST",
    path: "/v1/admin/sagas/{orderId}/resolve",
    entry: "orders/http",
    access: "orders:operate",
    repetition: "decided-once",
  },
  {
    method: "POST",
    path: "/v1/webhooks/fulfilment",
    entry: "orders/webhook",
    access: "signature",
    repetition: "ordered-consumer",
  },
  { method: "GET", path: "/health/live", entry: "gateway/health", access: "public" },
] as const satisfies readonly Route[];

export type RouteKey = `${(typeof ROUTES)[number]["method"]} ${(typeof ROUTES)[number]["path"]}`;

/** The provider has an API of its own, as a real one would. */
export const PROVIDER_ROUTES = [
  {
    method: "POST",
    path: "/payments",
    entry: "provider/http",
    access: "api-key",
    repetition: "found-by-key",
  },
  { method: "GET", path: "/payments", entry: "provider/http", access: "api-key" },
  {
    method: "POST",
    path: "/payments/{paymentId}/capture",
    entry: "provider/http",
    access: "api-key",
    repetition: "found-by-key",
  },
  {
    method: "POST",
    path: "/payments/{paymentId}/void",
    entry: "provider/http",
    access: "api-key",
    repetition: "found-by-key",
  },
  {
    method: "POST",
    path: "/payments/{paymentId}/refunds",
    entry: "provider/http",
    access: "api-key",
    repetition: "found-by-key",
  },
] as const satisfies readonly Route[];

export type ProviderRouteKey =
  `${(typeof PROVIDER_ROUTES)[number]["method"]} ${(typeof PROVIDER_ROUTES)[number]["path"]}`;
