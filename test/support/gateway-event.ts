/**
 * What API Gateway's REST proxy integration hands to a function, and the surroundings of one that
 * runs in a test.
 */
import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import type { MetricName } from "#contracts/metrics";
import type { EpochMs } from "#kernel/units";
import type { Surroundings } from "#runtime/surroundings";
import type { Telemetry } from "#runtime/telemetry";
import type { Tracing } from "#runtime/tracing";

export type GatewayRequest = {
  readonly method: string;
  /** As the route table has it, with its parameters in braces. */
  readonly resource: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON. */
  readonly body?: unknown;
};

/**
 * Source: API Gateway Developer Guide, "Input format of a Lambda function for proxy integration".
 */
export function gatewayEvent(request: GatewayRequest): APIGatewayProxyEvent {
  const { method, resource, parameters, query, headers = {}, body } = request;
  const path = resource.replaceAll(/\{(\w+)\}/g, (_all, name: string) => parameters?.[name] ?? "");
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const sent = body === undefined ? headers : { "Content-Type": "application/json", ...headers };
  return {
    resource,
    path,
    httpMethod: method,
    headers: sent,
    multiValueHeaders: multiple(sent),
    queryStringParameters: query ?? null,
    multiValueQueryStringParameters: query === undefined ? null : multiple(query),
    pathParameters: parameters ?? null,
    stageVariables: null,
    body: text ?? null,
    isBase64Encoded: false,
    requestContext: {
      accountId: "000000000000",
      apiId: "api",
      authorizer: null,
      protocol: "HTTP/1.1",
      httpMethod: method,
      identity: identityOf("192.0.2.1"),
      path: `/local${path}`,
      stage: "local",
      requestId: "gateway-request",
      requestTimeEpoch: 0,
      resourceId: "resource",
      resourcePath: resource,
    },
  };
}

/** Without the three functions that Node.js 24 no longer calls. */
export const lambdaContext = (awsRequestId = "request-1"): Context =>
  ({
    callbackWaitsForEmptyEventLoop: false,
    functionName: "function",
    functionVersion: "1",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:function",
    memoryLimitInMB: "256",
    awsRequestId,
    logGroupName: "log-group",
    logStreamName: "log-stream",
    getRemainingTimeInMillis: () => 10_000,
  }) as Context;

export type CountedSurroundings = Surroundings & {
  /** Sums by metric, over all invocations. */
  readonly counts: ReadonlyMap<MetricName, number>;
};

/**
 * A clock that stands still, ids in a row, counts that can be looked at and logs that nobody reads.
 */
export function countedSurroundings(now: EpochMs): CountedSurroundings {
  const counts = new Map<MetricName, number>();
  let ids = 0;
  const ignore = () => undefined;
  const telemetry: Telemetry = {
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    correlate: ignore,
    count: (metric, value = 1) => void counts.set(metric, (counts.get(metric) ?? 0) + value),
    milliseconds: ignore,
    flush: ignore,
  };
  return {
    counts,
    telemetry,
    clock: { now: () => now, sleep: () => Promise.resolve() },
    newId: () => `id-${(ids += 1)}`,
  };
}

export const untraced: Tracing = { around: (_name, _annotations, work) => work() };

const multiple = (values: Readonly<Record<string, string>>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));

const identityOf = (sourceIp: string): APIGatewayProxyEvent["requestContext"]["identity"] => ({
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp,
  user: null,
  userAgent: null,
  userArn: null,
});
