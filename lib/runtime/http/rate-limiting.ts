/**
 * Refuses who asks too often, once it is known who asks and before anything is done for it.
 */
import type { RatePolicyName } from "#contracts/http/rate-limits";
import type { Route } from "#contracts/http/route";
import { Failure } from "#kernel/failure";
import type { Limiter } from "../rate-limit/limiter.ts";
import { routeOf, type HttpMiddleware } from "./exchange.ts";

/** Errors: `quota-exceeded` (retry). */
export const rateLimiting = (limiter: Limiter): HttpMiddleware => ({
  before({ event, context }) {
    const { exchange } = context;
    const { subject, now } = exchange;
    const { access, limit } = routeOf(exchange);
    const policy = limit ?? ratePolicyOf(access, subject !== undefined);
    const principal = subject?.id ?? event.requestContext.identity.sourceIp;
    const limited = limiter.ask(policy, principal, now);
    if (limited === undefined) return;
    context.exchange = { ...exchange, limited };
    if (limited.isAllowed) return;
    const { quota, windowSeconds } = limited.policy;
    throw new Failure(
      "quota-exceeded",
      "retry",
      `${quota} requests in ${windowSeconds} seconds are allowed; wait as Retry-After says.`,
    );
  },
});

/** Where a route's row names none. @param isKnown whether a token says who asks */
function ratePolicyOf(access: Route["access"], isKnown: boolean): RatePolicyName {
  if (isKnown) return "default";
  return access === "signature" || access === "api-key" ? "reports" : "anonymous";
}
