/**
 * One log line and three metrics per request, whatever became of it.
 */
import type { APIGatewayProxyResult } from "aws-lambda";
import { METRICS } from "#contracts/metrics";
import type { Clock } from "#kernel/clock";
import { isServerError } from "../http-errors.ts";
import type { Telemetry } from "../telemetry.ts";
import type { HttpMiddleware, OnionContext } from "./exchange.ts";

type Passing = {
  readonly context: OnionContext;
  readonly response: APIGatewayProxyResult | null | undefined;
};

export function requestLog(clock: Clock, telemetry: Telemetry): HttpMiddleware {
  const record = ({ context, response }: Passing): void => {
    const { exchange } = context;
    const status = response?.statusCode ?? 0;
    const milliseconds = clock.now() - exchange.now;
    telemetry.count(METRICS.requests);
    telemetry.milliseconds(METRICS.latencyMs, milliseconds);
    if (isServerError(status)) telemetry.count(METRICS.serverErrors);
    telemetry.logger.info("A request is answered.", {
      route: exchange.route?.definition.route,
      status,
      milliseconds,
      subject: exchange.subject?.id,
    });
  };
  return {
    before: ({ context: { exchange } }) => {
      telemetry.correlate({
        requestId: exchange.requestId,
        correlationId: exchange.correlationId,
        traceId: exchange.trace.traceId,
      });
    },
    after: record,
    onError: record,
  };
}
