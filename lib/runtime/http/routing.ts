/**
 * Finds the route that a request is for.
 */
import { Failure } from "#kernel/failure";
import { isPreflight, preflight } from "./cors.ts";
import type { HttpMiddleware } from "./exchange.ts";
import type { RouteTable } from "./route-table.ts";

/** Errors: `not-found`, `method-not-allowed` (both reject). */
export const routing = (table: RouteTable, origins: readonly string[]): HttpMiddleware => ({
  before({ event, context }) {
    const { headers } = context.exchange;
    const route = isPreflight(event.httpMethod, headers)
      ? preflight(table.methodsOf(event.resource), origins)
      : table.find(event.httpMethod, event.resource);
    if (route !== undefined) {
      context.exchange = { ...context.exchange, route };
      return;
    }
    const methods = table.methodsOf(event.resource);
    if (methods.length === 0) {
      throw new Failure("not-found", "reject", `Nothing is found at ${event.path}.`);
    }
    throw new Failure(
      "method-not-allowed",
      "reject",
      `${event.httpMethod} is not a method of ${event.resource}; use ${methods.join(" or ")}.`,
    );
  },
});
