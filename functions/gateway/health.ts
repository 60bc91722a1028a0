/**
 * GET /health/live: the function runs and can answer. It asks nobody else, so another's failure is
 * not told as its own.
 */
import { SERVICES } from "#contracts/metrics";
import { httpFunction } from "#runtime/http-function";
import { route } from "#runtime/http-route";

export const handler = httpFunction({
  service: SERVICES.gateway,
  routes: [
    route({
      route: "GET /health/live",
      handle: async () => ({ status: 200, body: { status: "live" } }),
    }),
  ],
});
