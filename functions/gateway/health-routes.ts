/**
 * Health for load balancers and monitors: `live` asks nobody, so that another's failure is not told
 * as its own; `ready` asks what no order can do without. Neither names what it asks.
 */
import { type HttpRoute, route } from "#runtime/http-route";

/** Whoever asks within this time may be told what another was told. */
export const HEALTH_FRESH_SECONDS = 5;

/** @param isReady rejects while it is not */
export const healthRoutes = (isReady: () => Promise<void>): readonly HttpRoute[] => [
  route({
    route: "GET /health/live",
    handle: async () => ({ status: 200, headers: FRESH, body: { status: "live" } }),
  }),
  route({
    route: "GET /health/ready",
    async handle() {
      await isReady();
      return { status: 200, headers: FRESH, body: { status: "ready" } };
    },
  }),
];

const FRESH = { "cache-control": `public, max-age=${HEALTH_FRESH_SECONDS}` };
