/**
 * What the middlewares know about one request while it passes through them: each adds its part for
 * those further in.
 */
import type middy from "@middy/core";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import type { EpochMs } from "#kernel/units";
import type { HttpRequest, Subject } from "../http-route.ts";
import type { Limited } from "../rate-limit/limiter.ts";
import type { Surroundings } from "../surroundings.ts";
import type { RouteInUse } from "./route-table.ts";
import { traceOf, type Trace } from "./trace.ts";

export type Exchange = {
  readonly now: EpochMs;
  readonly requestId: string;
  /** The caller's own id of the request, or ours; echoed. */
  readonly correlationId: string;
  readonly trace: Trace;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly path: Readonly<Record<string, string>>;
  /** Absent until the route is found. */
  readonly route: RouteInUse | undefined;
  readonly subject: Subject | undefined;
  /** What is left of the caller's quota, once it is looked at. */
  readonly limited: Limited | undefined;
  readonly rawBody: string;
  readonly body: unknown;
  readonly query: unknown;
};

/** Middy hands the context to the handler, so the exchange travels in it. */
export type OnionContext = Context & { exchange: Exchange };

export type HttpMiddleware = middy.MiddlewareObj<
  APIGatewayProxyEvent,
  APIGatewayProxyResult,
  Error,
  OnionContext
>;

const CORRELATION_ID = /^[\w.:/+=@-]{1,128}$/;

export function openExchange(
  event: APIGatewayProxyEvent,
  context: Context,
  { clock, newId }: Pick<Surroundings, "clock" | "newId">,
): Exchange {
  const headers = lowerCased(event);
  const correlationId = headers["x-correlation-id"] ?? "";
  return {
    now: clock.now(),
    requestId: context.awsRequestId,
    correlationId: CORRELATION_ID.test(correlationId) ? correlationId : context.awsRequestId,
    trace: traceOf(headers["traceparent"], newId),
    headers,
    path: given(event.pathParameters),
    route: undefined,
    subject: undefined,
    limited: undefined,
    rawBody: "",
    body: undefined,
    query: undefined,
  };
}

/** The route is found by the first middleware of all that need it. */
export function routeOf(exchange: Exchange): RouteInUse {
  if (exchange.route === undefined) throw new Error("The route is asked for before it is found.");
  return exchange.route;
}

export const requestOf = (exchange: Exchange): HttpRequest<unknown, unknown> => ({
  subject: exchange.subject,
  path: exchange.path,
  query: exchange.query,
  body: exchange.body,
  rawBody: exchange.rawBody,
  headers: exchange.headers,
  now: exchange.now,
  requestId: exchange.requestId,
  traceparent: exchange.trace.traceparent,
});

/** REST APIs hand names on as they were sent (RFC 9110 section 5.1: their case means nothing). */
const lowerCased = (event: APIGatewayProxyEvent): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(given(event.headers)).map(([name, value]) => [name.toLowerCase(), value]),
  );

const given = (
  values: Readonly<Record<string, string | undefined>> | null | undefined,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values ?? {}).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== null,
    ),
  );
