/**
 * The routes of webhooks out: endpoints and their deliveries.
 */
import type { Route } from "./route.ts";

export const WEBHOOK_ROUTES = [
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
] as const satisfies readonly Route[];
