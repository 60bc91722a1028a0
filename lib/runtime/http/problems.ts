/**
 * Whatever was thrown further in becomes a problem+json answer, so the gateway never sees an error.
 */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import type { Failure } from "#kernel/failure";
import { asFailure, isServerError, problemAnswer, statusOf } from "../http-errors.ts";
import type { Telemetry } from "../telemetry.ts";
import { requiredScope } from "./authentication.ts";
import type { Exchange, HttpMiddleware } from "./exchange.ts";
import { rendered } from "./rendering.ts";
import type { RouteTable } from "./route-table.ts";

/** Logs a failure and answers it. */
export type Refuse = (
  failure: Failure,
  about: { readonly event: APIGatewayProxyEvent; readonly exchange: Exchange },
) => APIGatewayProxyResult;

export const problems = (refuse: Refuse): HttpMiddleware => ({
  onError(request) {
    const { error, event, context } = request;
    request.response = refuse(asFailure(error), { event, exchange: context.exchange });
  },
});

const quotaOf = ({ limited }: Exchange) =>
  limited === undefined
    ? undefined
    : { policy: limited.policy.name, retryAfterSeconds: limited.nextInSeconds };

export const refusing =
  (table: RouteTable, { logger }: Telemetry): Refuse =>
  (failure, { event, exchange }) => {
    const fields = { code: failure.code, error: failure };
    if (isServerError(statusOf(failure.code))) logger.error("The request failed.", fields);
    else logger.info(`The request is refused: ${failure.message}`, { code: failure.code });
    return rendered(
      problemAnswer(failure, {
        instance: event.path,
        traceId: exchange.trace.traceId,
        allow: table.methodsOf(event.resource),
        credentialsGiven: exchange.headers["authorization"] !== undefined,
        quota: quotaOf(exchange),
        scope: exchange.route === undefined ? undefined : requiredScope(exchange.route.access),
      }),
    );
  };
