/**
 * The route table: the single source of what is deployed, who may call it and which function
 * answers it. A route without a row does not exist; a row without a scope is open to everybody on
 * purpose.
 */
import type { Scope } from "./auth.ts";

export type Route = {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** API Gateway's resource path. */
  readonly path: string;
  /** The function that answers, by its file below `functions/`. */
  readonly entry: string;
  /**
   * A scope of the caller's token; or `public`, a `signature` over the raw body, the merchant's
   * `api-key`.
   */
  readonly access: Scope | "public" | "signature" | "api-key";
};

export const ROUTES = [
  { method: "POST", path: "/oauth2/token", entry: "users/auth", access: "public" },
  { method: "GET", path: "/.well-known/jwks.json", entry: "users/jwks", access: "public" },
  { method: "GET", path: "/v1/products", entry: "products/http", access: "public" },
  { method: "GET", path: "/v1/products/{sku}", entry: "products/http", access: "public" },
  { method: "GET", path: "/v1/inventory/{sku}", entry: "inventory/http", access: "inventory:read" },
  { method: "POST", path: "/v1/orders", entry: "orders/http", access: "orders:write" },
  { method: "GET", path: "/v1/orders", entry: "orders/http", access: "orders:read" },
  { method: "GET", path: "/v1/orders/{orderId}", entry: "orders/http", access: "orders:read" },
  {
    method: "GET",
    path: "/v1/orders/{orderId}/events",
    entry: "orders/http",
    access: "orders:read",
  },
  { method: "POST", path: "/v1/webhooks/fulfilment", entry: "orders/webhook", access: "signature" },
  { method: "GET", path: "/health/live", entry: "gateway/health", access: "public" },
] as const satisfies readonly Route[];

export type RouteKey = `${(typeof ROUTES)[number]["method"]} ${(typeof ROUTES)[number]["path"]}`;

/** The provider has an API of its own, as a real one would. */
export const PROVIDER_ROUTES = [
  { method: "POST", path: "/payments", entry: "provider/http", access: "api-key" },
  { method: "GET", path: "/payments", entry: "provider/http", access: "api-key" },
  {
    method: "POST",
    path: "/payments/{paymentId}/capture",
    entry: "provider/http",
    access: "api-key",
  },
  { method: "POST", path: "/payments/{paymentId}/void", entry: "provider/http", access: "api-key" },
] as const satisfies readonly Route[];

export type ProviderRouteKey =
  `${(typeof PROVIDER_ROUTES)[number]["method"]} ${(typeof PROVIDER_ROUTES)[number]["path"]}`;
