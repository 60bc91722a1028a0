// Who may call: the route table's rows are enforced, and a route that cannot be guarded never
// starts.
import { beforeEach, expect, test } from "vitest";
import { problemSchema } from "#contracts/http/problem";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import { type HttpRequest, type HttpRoute, route, type Subject } from "#runtime/http-route";
import type { LogFields } from "#runtime/log";
import {
  countedSurroundings,
  type GatewayRequest,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";

const noon = 1_700_000_000_000 as EpochMs;

let verified: { readonly token: string; readonly now: EpochMs }[];
let seen: HttpRequest<unknown, unknown>[];
let logged: string[];

beforeEach(() => {
  verified = [];
  seen = [];
  logged = [];
});

const verifier = {
  async verify(token: string, now: EpochMs): Promise<Subject> {
    verified.push({ token, now });
    if (token.startsWith("bad")) throw new Failure("unauthenticated", "reject", "It is not good.");
    if (token === "down") throw new Failure("store-unavailable", "retry", "KMS is down.");
    const scopes = token === "operator" ? ["orders:operate"] : ["inventory:read"];
    return { id: "caller-1", scopes: token === "reader" ? ["orders:read"] : scopes };
  },
};

const handle = async (request: HttpRequest<unknown, unknown>) => {
  seen.push(request);
  return { status: 200, body: {} };
};

const surroundings = () => {
  const counted = countedSurroundings(noon);
  const log = (message: string, fields?: LogFields) =>
    void logged.push(`${message} ${JSON.stringify(fields)}`);
  const logger = { debug: log, info: log, warn: log, error: log };
  return { ...counted, telemetry: { ...counted.telemetry, logger } };
};

const call = (routes: readonly HttpRoute[], request: GatewayRequest) =>
  httpFunction(
    { service: "orders", routes, verifier },
    surroundings(),
    untraced,
  )(gatewayEvent(request), lambdaContext());

const orders = [route({ route: "GET /v1/orders", handle })];
const get = (authorization?: string): GatewayRequest => ({
  method: "GET",
  resource: "/v1/orders",
  headers: authorization === undefined ? {} : { AUTHORIZATION: authorization },
});

test("a token with the route's scope lets its subject in, at the request's own time", async () => {
  const answer = await call(orders, get("bearer reader"));

  expect(answer.statusCode).toBe(200);
  expect(verified).toEqual([{ token: "reader", now: noon }]);
  expect(seen[0]?.subject).toEqual({ id: "caller-1", scopes: ["orders:read"] });
});

test("a token without the scope is 403 and told which one is needed", async () => {
  const answer = await call(orders, get("Bearer other"));

  expect(answer.statusCode).toBe(403);
  expect(answer.headers?.["www-authenticate"]).toBe(
    'Bearer realm="inorder", error="insufficient_scope", scope="orders:read"',
  );
  expect(seen).toEqual([]);
});

test("staff are let in where a row says so, and nowhere else", async () => {
  const one = [...orders, route({ route: "GET /v1/orders/{orderId}", handle })];
  const parameters = { orderId: "o" };
  const asOperator = get("Bearer operator");

  const theirs = await call(one, { ...asOperator, resource: "/v1/orders/{orderId}", parameters });
  const list = await call(one, asOperator);

  expect([theirs.statusCode, list.statusCode]).toEqual([200, 403]);
  expect(seen[0]?.subject?.scopes).toEqual(["orders:operate"]);
});

test("without credentials the challenge names no error, with bad ones it does", async () => {
  const none = await call(orders, get());
  const bad = await call(orders, get("Bearer bad"));

  expect(none.statusCode).toBe(401);
  expect(none.headers?.["www-authenticate"]).toBe('Bearer realm="inorder"');
  expect(bad.statusCode).toBe(401);
  expect(bad.headers?.["www-authenticate"]).toBe('Bearer realm="inorder", error="invalid_token"');
  expect(problemSchema.parse(JSON.parse(bad.body)).type).toBe(
    "urn:inorder:problem:unauthenticated",
  );
});

test.each(["Bearer", "Bearer a b", "Basic reader", "Bearer ;", `Bearer ${"x".repeat(8193)}`])(
  "the header %s is refused before anything is verified",
  async (authorization) => {
    const answer = await call(orders, get(authorization));

    expect(answer.statusCode).toBe(401);
    expect(verified).toEqual([]);
  },
);

test("keys that cannot be read are our fault, not the caller's", async () => {
  const answer = await call(orders, get("Bearer down"));

  expect(answer.statusCode).toBe(503);
});

test("a public route verifies nothing and knows no subject", async () => {
  const health = [route({ route: "GET /health/live", handle })];
  const headers = { authorization: "Bearer bad" };

  const answer = await call(health, { method: "GET", resource: "/health/live", headers });

  expect(answer.statusCode).toBe(200);
  expect(verified).toEqual([]);
  expect(seen[0]?.subject).toBeUndefined();
});

test("a route guarded by a signature admits by the raw bytes before it parses them", async () => {
  const admitted: string[] = [];
  const webhook = [
    route({
      route: "POST /v1/webhooks/fulfilment",
      async admit({ rawBody }) {
        admitted.push(rawBody);
        throw new Failure("invalid-signature", "reject", "It does not fit.");
      },
      handle,
    }),
  ];
  const request = { method: "POST", resource: "/v1/webhooks/fulfilment", body: "{ not json" };

  const answer = await call(webhook, request);

  expect(answer.statusCode).toBe(401);
  expect(answer.headers?.["www-authenticate"]).toBe('Webhook-Signature realm="inorder"');
  expect(admitted).toEqual(["{ not json"]);
  expect(seen).toEqual([]);
});

test("a route with a scope, a signature or a key needs what guards it, at cold start", () => {
  const start = (definition: HttpRoute) => () =>
    httpFunction({ service: "orders", routes: [definition] }, surroundings(), untraced);

  expect(start(route({ route: "GET /v1/orders", handle }))).toThrow(/token verifier/);
  expect(start(route({ route: "POST /v1/webhooks/fulfilment", handle }))).toThrow(/signature/);
  expect(start(route({ route: "POST /payments", handle }))).toThrow(/api-key/);
  expect(start(route({ route: "GET /health/live", handle }))).not.toThrow();
});

test("a route that is given twice or has no row does not start", () => {
  const start =
    (...routes: HttpRoute[]) =>
    () =>
      httpFunction({ service: "orders", routes, verifier }, surroundings(), untraced);
  const unknown = { route: "GET /v1/secrets" as "GET /v1/orders", handle };

  expect(start(...orders, ...orders)).toThrow(/twice/);
  expect(start(unknown)).toThrow(/no row/);
});

test("neither token nor body reaches the log", async () => {
  const place = [route({ route: "POST /v1/orders", handle })];
  const request = {
    method: "POST",
    resource: "/v1/orders",
    headers: { authorization: "Bearer bad.canary-token" },
    body: { note: "canary-body" },
  };

  await call(place, request);
  await call(place, { ...request, headers: { authorization: "Bearer canary-token-of-another" } });

  expect(logged.length).toBeGreaterThan(1);
  expect(logged.join("\n")).not.toContain("canary");
});
