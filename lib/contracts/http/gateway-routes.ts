/**
 * The routes of the gateway itself.
 */
import type { Route } from "./route.ts";

export const GATEWAY_ROUTES = [
  { method: "GET", path: "/health/live", entry: "gateway/http", access: "public" },
  { method: "GET", path: "/health/ready", entry: "gateway/http", access: "public" },
  {
    method: "GET",
    path: "/v1/openapi.json",
    entry: "gateway/http",
    access: "public",
    limit: "documents",
  },
  {
    method: "GET",
    path: "/v1/asyncapi.json",
    entry: "gateway/http",
    access: "public",
    limit: "documents",
  },
] as const satisfies readonly Route[];
