/**
 * The entry point of an HTTP function: one onion, the same for all, around a table of routes.
 * Whatever happens inside, the gateway gets an answer; a refusal is problem+json.
 */
import middy from "@middy/core";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";
import type { ServiceName } from "#contracts/metrics";
import { Failure } from "#kernel/failure";
import { edgeRules, type EdgeRules } from "./edge-rules.ts";
import { admission } from "./http/admission.ts";
import { authentication } from "./http/authentication.ts";
import { bodyReading } from "./http/body-reading.ts";
import { openExchange, requestOf, routeOf, type OnionContext } from "./http/exchange.ts";
import { negotiation } from "./http/negotiation.ts";
import { parsing } from "./http/parsing.ts";
import { problems, refusing } from "./http/problems.ts";
import { rateLimiting } from "./http/rate-limiting.ts";
import { rendered } from "./http/rendering.ts";
import { requestLog } from "./http/request-log.ts";
import { responseHeaders } from "./http/response-headers.ts";
import { routeTable, type RouteTable } from "./http/route-table.ts";
import { routing } from "./http/routing.ts";
import { versioning } from "./http/versioning.ts";
import { problemAnswer, type ProblemContext } from "./http-errors.ts";
import type { HttpRoute } from "./http-route.ts";
import type { KeptAnswers } from "./kept-answers.ts";
import { surroundingsOf, type Surroundings } from "./surroundings.ts";
import type { TokenVerifier } from "./token-verifier.ts";
import { xrayTracing, type Annotations, type Tracing } from "./tracing.ts";

export type HttpFunction = {
  readonly service: ServiceName;
  readonly routes: readonly HttpRoute[];
  /** Needed as soon as one route asks for a scope. */
  readonly verifier?: TokenVerifier;
  /** Needed as soon as a repetition at one route is answered from a record. */
  readonly answers?: KeptAnswers;
  /** Default: those of the environment. */
  readonly edge?: EdgeRules;
};

export type HttpHandler = (
  event: APIGatewayProxyEvent,
  context: Context,
) => Promise<APIGatewayProxyResult>;

/** So much of the invocation is kept to say that the rest was not enough. */
const ANSWER_RESERVE_MS = 250;

/** Errors, at cold start: `misconfigured` where a route has no row or no guard. */
export function httpFunction(
  { service, routes, verifier, answers, edge = edgeRules() }: HttpFunction,
  surroundings: Surroundings = surroundingsOf(service),
  tracing: Tracing = xrayTracing(service),
): HttpHandler {
  const table = routeTable(routes, {
    verifies: verifier !== undefined,
    keepsAnswers: answers !== undefined,
  });
  const onion = onionOf(table, { verifier, answers, edge }, surroundings);
  const { telemetry } = surroundings;

  return async (event, context) => {
    try {
      const exchange = openExchange(event, context, surroundings);
      const inner = { ...context, getRemainingTimeInMillis: remainingOf(context), exchange };
      return await tracing.around("## http", annotationsOf(event), () => onion(event, inner));
    } catch (error) {
      telemetry.logger.error("The onion itself failed.", { error });
      return rendered(problemAnswer(error, unknownRequest(context)));
    } finally {
      telemetry.flush();
    }
  };
}

type Leaning = {
  readonly verifier: TokenVerifier | undefined;
  readonly answers: KeptAnswers | undefined;
  readonly edge: EdgeRules;
};

/** Refusals become problems at the innermost; what stands before `problems` sees only answers. */
function onionOf(
  table: RouteTable,
  { verifier, answers, edge }: Leaning,
  { clock, telemetry }: Surroundings,
) {
  const refuse = refusing(table, telemetry);
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, OnionContext>({
    timeoutEarlyInMillis: ANSWER_RESERVE_MS,
    timeoutEarlyResponse: () => {
      throw new Failure("outcome-unknown", "retry", "The function ran out of time.");
    },
  })
    .use(requestLog(clock, telemetry))
    .use(responseHeaders(edge.origins))
    .use(problems(refuse))
    .use(routing(table, edge.origins))
    .use(versioning())
    .use(negotiation())
    .use(authentication(verifier))
    .use(rateLimiting(edge.limiter))
    .use(bodyReading())
    .use(admission())
    .use(parsing())
    .handler(async (event: APIGatewayProxyEvent, context: OnionContext) => {
      const { exchange } = context;
      const { definition, isKept } = routeOf(exchange);
      const handle = async () => rendered(await definition.handle(requestOf(exchange)));
      if (!isKept || answers === undefined) return handle();
      const refusal = (failure: Failure) => refuse(failure, { event, exchange });
      return answers({ exchange, context, handle, refusal });
    });
}

const remainingOf = (context: Context) => () => context.getRemainingTimeInMillis();

const annotationsOf = ({ httpMethod, resource, pathParameters }: APIGatewayProxyEvent) => {
  const orderId = pathParameters?.["orderId"];
  const route: Annotations = { route: `${httpMethod} ${resource}` };
  return orderId === undefined ? route : { ...route, orderId };
};

/**
 * Nothing can be said about a request that the onion could not even open, but where to look for it.
 */
const unknownRequest = ({ awsRequestId }: Context): ProblemContext => ({
  traceId: awsRequestId,
  allow: [],
  credentialsGiven: false,
  scope: undefined,
  quota: undefined,
});
