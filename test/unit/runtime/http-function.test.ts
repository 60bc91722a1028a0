// The onion as API Gateway meets it: what is refused, with which problem, and what every answer
// carries.
import type { APIGatewayProxyEvent } from "aws-lambda";
import { beforeEach, expect, test } from "vitest";
import { problemSchema } from "#contracts/http/problem";
import { METRICS } from "#contracts/metrics";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import { type HttpRequest, type HttpRoute, route } from "#runtime/http-route";
import {
  countedSurroundings,
  type CountedSurroundings,
  type GatewayRequest,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";

const noon = 1_700_000_000_000 as EpochMs;
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

let surroundings: CountedSurroundings;
let seen: HttpRequest<unknown, unknown>[];

beforeEach(() => {
  surroundings = countedSurroundings(noon);
  seen = [];
});

const record = async (request: HttpRequest<unknown, unknown>) => {
  seen.push(request);
  return { status: 200, body: { fine: true } };
};

const routes: readonly HttpRoute[] = [
  route({ route: "GET /v1/products", handle: record }),
  route({ route: "GET /v1/products/{sku}", handle: record }),
];

const call = (request: GatewayRequest, changes: object = {}, served = routes) =>
  httpFunction(
    { service: "gateway", routes: served },
    surroundings,
    untraced,
  )({ ...gatewayEvent(request), ...changes }, lambdaContext());

const failing = (error: unknown): readonly HttpRoute[] => [
  route({ route: "GET /v1/products", handle: () => Promise.reject(error) }),
];

const list: GatewayRequest = { method: "GET", resource: "/v1/products" };

const problemOf = (answer: { readonly body: string }) =>
  problemSchema.parse(JSON.parse(answer.body));

test("an answer is JSON with the headers that every answer has", async () => {
  const answer = await call(list);

  expect(answer.statusCode).toBe(200);
  expect(JSON.parse(answer.body)).toEqual({ fine: true });
  expect(answer.headers).toMatchObject({
    "content-type": "application/json",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "x-correlation-id": "request-1",
  });
});

test("a route's own headers win", async () => {
  const cached = [
    route({
      route: "GET /v1/products",
      handle: async () => ({ status: 200, headers: { "cache-control": "public" } }),
    }),
  ];

  const answer = await call(list, {}, cached);

  expect(answer.headers?.["cache-control"]).toBe("public");
  expect(answer.body).toBe("");
});

test("a caller's trace and correlation id are carried on and answered", async () => {
  const headers = { Traceparent: `00-${TRACE}-00f067aa0ba902b7-00`, "X-Correlation-Id": "abc/1" };

  const answer = await call({ ...list, headers });

  expect(answer.headers?.["traceparent"]).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  expect(answer.headers?.["traceparent"]).not.toContain("00f067aa0ba902b7");
  expect(answer.headers?.["x-correlation-id"]).toBe("abc/1");
  expect(seen[0]?.traceparent).toBe(answer.headers?.["traceparent"]);
});

test("a correlation id that could forge a log or a header is not echoed", async () => {
  const answer = await call({ ...list, headers: { "X-Correlation-Id": "a\r\nset-cookie: b" } });

  expect(answer.headers?.["x-correlation-id"]).toBe("request-1");
});

test("HEAD is answered as GET is wherever GET is; the gateway sends no body of it", async () => {
  const product = { resource: "/v1/products/{sku}" };
  const missing = failing(new Failure("not-found", "reject", "Nothing."));

  const [get, head] = [await served("GET", product), await served("HEAD", product)];
  const [gone, goneHead] = [await served("GET", {}, missing), await served("HEAD", {}, missing)];

  expect(head).toEqual(get);
  expect(JSON.parse(head.body)).toEqual({ fine: true });
  expect(seen).toHaveLength(2);
  expect([goneHead.statusCode, goneHead]).toEqual([404, gone]);
});

/** Each with ids of its own, from the first one on. */
function served(method: string, request: Partial<GatewayRequest>, those = routes) {
  surroundings = countedSurroundings(noon);
  return call({ ...list, ...request, method }, {}, those);
}

test("HEAD finds no route that only changes something", async () => {
  const create = [
    route({ route: "POST /v1/webhooks/fulfilment", admit: async () => {}, handle: record }),
  ];

  const answer = await call({ method: "HEAD", resource: "/v1/webhooks/fulfilment" }, {}, create);

  expect([answer.statusCode, answer.headers?.["allow"]]).toEqual([405, "POST"]);
  expect(seen).toEqual([]);
});

test("an unknown path is 404, an unknown method 405 with what is allowed", async () => {
  const path = await call({ method: "GET", resource: "/v1/nothing" });
  const method = await call({ method: "DELETE", resource: "/v1/products" });

  expect(path.statusCode).toBe(404);
  expect(problemOf(path)).toMatchObject({
    type: "urn:inorder:problem:not-found",
    status: 404,
    instance: "/v1/nothing",
  });
  expect(method.statusCode).toBe(405);
  expect(method.headers).toMatchObject({
    allow: "GET, HEAD",
    "content-type": "application/problem+json",
  });
});

test.each([
  { accept: "text/html", status: 406 },
  { accept: "application/json;q=0, */*", status: 406 },
  { accept: "text/html, application/*;q=0.1", status: 200 },
  { accept: "*/*", status: 200 },
  { accept: "application/problem+json, application/json", status: 200 },
])("Accept: $accept is answered $status", async ({ accept, status }) => {
  const answer = await call({ ...list, headers: { Accept: accept } });

  expect(answer.statusCode).toBe(status);
});

test("nulls, as API Gateway sends them for nothing, are nothing", async () => {
  const nothing = { headers: null, multiValueHeaders: null, queryStringParameters: null };

  const answer = await call(list, nothing);

  expect(answer.statusCode).toBe(200);
  expect(seen).toHaveLength(1);
});

test("a failure of ours tells nothing of its cause, but when to try again", async () => {
  const failure = new Failure("store-throttled", "retry", "table secret-name is too busy");

  const answer = await call(list, {}, failing(failure));

  expect(answer).toMatchObject({ statusCode: 503, headers: { "retry-after": "1" } });
  expect(answer.body).not.toContain("secret-name");
  expect(surroundings.counts.get(METRICS.serverErrors)).toBe(1);
});

test.each([new Error("at /var/task/index.js: password"), "thrown text", undefined])(
  "an unforeseen error (%s) is 500 without internals",
  async (error) => {
    const answer = await call(list, {}, failing(error));

    expect(problemOf(answer)).toMatchObject({
      type: "urn:inorder:problem:unexpected",
      status: 500,
    });
    expect(answer.body).not.toMatch(/password|thrown|task/);
  },
);

test("a failure's details are told where the caller is at fault", async () => {
  const details = [{ pointer: "/lines/1/sku", detail: "Nobody sells it." }];
  const failure = new Failure("unknown-sku", "reject", "One SKU is unknown.", { details });

  const answer = await call(list, {}, failing(failure));

  expect(problemOf(answer)).toMatchObject({
    status: 422,
    detail: "One SKU is unknown.",
    errors: details,
  });
});

test("a handler that does not end in time is answered for", async () => {
  const stuck = [route({ route: "GET /v1/products", handle: () => new Promise<never>(() => {}) })];
  const handler = httpFunction({ service: "gateway", routes: stuck }, surroundings, untraced);

  const context = { ...lambdaContext(), getRemainingTimeInMillis: () => 200 };
  const answer = await handler(gatewayEvent(list), context);

  expect(problemOf(answer)).toMatchObject({
    type: "urn:inorder:problem:outcome-unknown",
    status: 503,
  });
});

test("an event that is none of API Gateway's is answered too", async () => {
  const served = { service: "gateway", routes } as const;
  const handler = httpFunction(served, surroundings, untraced);

  const answer = await handler(JSON.parse("null") as APIGatewayProxyEvent, lambdaContext());

  expect(problemOf(answer)).toMatchObject({ status: 500, traceId: "request-1" });
});

test("each request is counted once and flushed once", async () => {
  let flushed = 0;
  const telemetry = { ...surroundings.telemetry, flush: () => void (flushed += 1) };
  const handler = httpFunction(
    { service: "gateway", routes },
    { ...surroundings, telemetry },
    untraced,
  );

  await handler(gatewayEvent(list), lambdaContext());
  await handler(gatewayEvent({ method: "GET", resource: "/nowhere" }), lambdaContext());

  expect(surroundings.counts.get(METRICS.requests)).toBe(2);
  expect(surroundings.counts.get(METRICS.serverErrors)).toBeUndefined();
  expect(flushed).toBe(2);
});
