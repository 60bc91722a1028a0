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
 * `api-key`; `cart-holder` is whoever knows the cart's secret, or its customer: a token is not
 * needed, but one that is sent needs the scope `carts:write`.
 */
export type Access = Scope | "public" | "signature" | "api-key" | "cart-holder";

type Changing = "POST" | "PATCH" | "PUT" | "DELETE";

type FromRecord = "answered-from-record";

/**
 * Why a request that is sent twice does not work twice:
 * - `answered-from-record`: the onion asks for an Idempotency-Key and keeps the answer under it.
 * - `found-by-key`: the key names what the request makes, so its own write refuses a second; a
 *   record beside it would be weaker.
 * - `ordered-consumer`: the sender's own message id reaches the consumer, which drops duplicates
 *   and counts them; an answer from a record would hide them from it.
 * - `version-checked`: it says which version it is about, and the write has that version in its
 *   condition; a first time has changed it already.
 * - `same-state`: it says how things are to be; said again, they are.
 * - `decided-once`: the order's own stream holds the decision; said again it changes nothing or is
 *   refused.
 * - `changes-nothing`: so nothing is kept of it; least of all where the answer is a secret.
 * - `expires-unused`: what a second request makes is empty, nobody knows it, and it expires. A
 *   caller with a token names its request by an Idempotency-Key, and then there is no second.
 */
type Repetition =
  | "found-by-key"
  | "ordered-consumer"
  | "version-checked"
  | "same-state"
  | "decided-once"
  | "expires-unused"
  | "changes-nothing";

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
  {
    method: "POST",
    path: "/v1/products",
    entry: "products/http",
    access: "products:write",
    repetition: "found-by-key",
  },
  {
    method: "PATCH",
    path: "/v1/products/{sku}",
    entry: "products/http",
    access: "products:write",
    repetition: "version-checked",
  },
  {
    method: "DELETE",
    path: "/v1/products/{sku}",
    entry: "products/http",
    access: "products:write",
    repetition: "same-state",
  },
  { method: "GET", path: "/v1/products/{sku}/reviews", entry: "products/http", access: "public" },
  {
    method: "POST",
    path: "/v1/products/{sku}/reviews",
    entry: "products/http",
    access: "reviews:write",
    repetition: "found-by-key",
  },
  {
    method: "GET",
    path: "/v1/products/{sku}/reviews/{reviewId}",
    entry: "products/http",
    access: "public",
  },
  {
    method: "PATCH",
    path: "/v1/products/{sku}/reviews/{reviewId}",
    entry: "products/http",
    access: "reviews:write",
    repetition: "version-checked",
  },
  {
    method: "DELETE",
    path: "/v1/products/{sku}/reviews/{reviewId}",
    entry: "products/http",
    access: "reviews:write",
    repetition: "same-state",
  },
  {
    method: "POST",
    path: "/v1/products/{sku}/reviews/{reviewId}/moderate",
    entry: "products/http",
    access: "reviews:moderate",
    repetition: "same-state",
  },
  { method: "GET", path: "/v1/categories", entry: "products/http", access: "public" },
  { method: "GET", path: "/v1/products/search", entry: "products/search", access: "public" },
  {
    method: "POST",
    path: "/v1/products/search",
    entry: "products/search",
    access: "public",
    repetition: "changes-nothing",
  },
  { method: "GET", path: "/v1/products/suggest", entry: "products/search", access: "public" },
  {
    method: "GET",
    path: "/v1/products/{sku}/recommendations",
    entry: "products/search",
    access: "public",
  },
  { method: "GET", path: "/v1/inventory/{sku}", entry: "inventory/http", access: "inventory:read" },
  {
    method: "POST",
    path: "/v1/inventory/{sku}/adjustments",
    entry: "inventory/http",
    access: "inventory:write",
    repetition: "answered-from-record",
  },
  {
    method: "GET",
    path: "/v1/inventory/{sku}/adjustments",
    entry: "inventory/http",
    access: "inventory:read",
  },
  {
    method: "PUT",
    path: "/v1/inventory/{sku}/shards",
    entry: "inventory/http",
    access: "inventory:write",
    repetition: "same-state",
  },
  {
    method: "POST",
    path: "/v1/reservations",
    entry: "inventory/http",
    access: "inventory:reserve",
    repetition: "found-by-key",
  },
  {
    method: "GET",
    path: "/v1/reservations/{reservationId}",
    entry: "inventory/http",
    access: "inventory:reserve",
  },
  {
    method: "DELETE",
    path: "/v1/reservations/{reservationId}",
    entry: "inventory/http",
    access: "inventory:reserve",
    repetition: "same-state",
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
    path: "/v1/carts",
    entry: "orders/cart",
    access: "cart-holder",
    repetition: "expires-unused",
  },
  { method: "GET", path: "/v1/carts/{cartId}", entry: "orders/cart", access: "cart-holder" },
  {
    method: "POST",
    path: "/v1/carts/{cartId}/items",
    entry: "orders/cart",
    access: "cart-holder",
    repetition: "found-by-key",
  },
  {
    method: "PATCH",
    path: "/v1/carts/{cartId}/items/{sku}",
    entry: "orders/cart",
    access: "cart-holder",
    repetition: "version-checked",
  },
  {
    method: "DELETE",
    path: "/v1/carts/{cartId}/items/{sku}",
    entry: "orders/cart",
    access: "cart-holder",
    repetition: "version-checked",
  },
  {
    method: "POST",
    path: "/v1/carts/{cartId}/merge",
    entry: "orders/cart",
    access: "carts:write",
    repetition: "version-checked",
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
  {
    method: "POST",
    path: "/v1/webhook-endpoints",
    entry: "webhooks/http",
    access: "webhooks:write",
    repetition: "found-by-key",
  },
  {
    method: "GET",
    path: "/v1/webhook-endpoints",
    entry: "webhooks/http",
    access: "webhooks:read",
  },
  {
    method: "GET",
    path: "/v1/webhook-endpoints/{endpointId}",
    entry: "webhooks/http",
    access: "webhooks:read",
  },
  {
    method: "PATCH",
    path: "/v1/webhook-endpoints/{endpointId}",
    entry: "webhooks/http",
    access: "webhooks:write",
    repetition: "version-checked",
  },
  {
    method: "DELETE",
    path: "/v1/webhook-endpoints/{endpointId}",
    entry: "webhooks/http",
    access: "webhooks:write",
    repetition: "version-checked",
  },
  {
    method: "POST",
    path: "/v1/webhook-endpoints/{endpointId}/test",
    entry: "webhooks/http",
    access: "webhooks:write",
    repetition: "answered-from-record",
  },
  {
    method: "POST",
    path: "/v1/webhook-endpoints/{endpointId}/rotate-secret",
    entry: "webhooks/http",
    access: "webhooks:write",
    repetition: "version-checked",
  },
  {
    method: "GET",
    path: "/v1/webhook-endpoints/{endpointId}/deliveries",
    entry: "webhooks/http",
    access: "webhooks:read",
  },
  {
    method: "POST",
    path: "/v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/replay",
    entry: "webhooks/http",
    access: "webhooks:write",
    repetition: "answered-from-record",
  },
  {
    method: "POST",
    path: "/v1/webhooks/payments",
    entry: "payments/webhook",
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
  { method: "GET", path: "/reports/payments", entry: "provider/http", access: "api-key" },
  {
    method: "PUT",
    path: "/webhook",
    entry: "provider/http",
    access: "api-key",
    repetition: "same-state",
  },
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
