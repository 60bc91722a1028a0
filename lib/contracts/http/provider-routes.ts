/**
 * The routes of the simulated payment provider.
 */
import type { Route } from "./route.ts";

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
