/**
 * Whatever was thrown further in becomes a problem+json answer, so the gateway never sees an error.
 */
import { asFailure, isServerError, problemAnswer, statusOf } from "../http-errors.ts";
import type { Telemetry } from "../telemetry.ts";
import { requiredScope } from "./authentication.ts";
import type { HttpMiddleware } from "./exchange.ts";
import { rendered } from "./rendering.ts";
import type { RouteTable } from "./route-table.ts";

export const problems = (table: RouteTable, { logger }: Telemetry): HttpMiddleware => ({
  onError(request) {
    const { error, event } = request;
    const { exchange } = request.context;
    const failure = asFailure(error);
    const fields = { code: failure.code, error: failure };
    if (isServerError(statusOf(failure.code))) logger.error("The request failed.", fields);
    else logger.info(`The request is refused: ${failure.message}`, { code: failure.code });
    request.response = rendered(
      problemAnswer(failure, {
        instance: event.path,
        traceId: exchange.trace.traceId,
        allow: table.methodsOf(event.resource),
        credentialsGiven: exchange.headers["authorization"] !== undefined,
        scope: exchange.route === undefined ? undefined : requiredScope(exchange.route.access),
      }),
    );
  },
});
