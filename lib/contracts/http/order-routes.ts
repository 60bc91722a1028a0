/**
 * The routes of carts and orders, and of those who look after sagas.
 */
import type { Route } from "./route.ts";

/** Of those who look after orders, whosever they are. */
export const ORDER_STAFF = "orders:operate";

export const ORDER_ROUTES = [
  {
    method: "POST",
    path: "/v1/orders",
    entry: "orders/http",
    access: "orders:write",
    repetition: "found-by-key",
  },
  { method: "GET", path: "/v1/orders", entry: "orders/http", access: "orders:read" },
  {
    method: "GET",
    path: "/v1/orders/{orderId}",
    entry: "orders/http",
    access: "orders:read",
    staff: ORDER_STAFF,
  },
  {
    method: "GET",
    path: "/v1/orders/{orderId}/events",
    entry: "orders/http",
    access: "orders:read",
    staff: ORDER_STAFF,
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
    staff: ORDER_STAFF,
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
  { method: "GET", path: "/v1/audit", entry: "orders/http", access: ORDER_STAFF },
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
] as const satisfies readonly Route[];
