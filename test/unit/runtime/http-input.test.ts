// Bodies and queries as callers send them: what is read, and how the rest is refused.
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { placeOrderBody } from "#contracts/http/orders";
import { listProductsQuery } from "#contracts/http/products";
import { problemSchema } from "#contracts/http/problem";
import type { EpochMs } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import { type HttpRequest, type HttpRoute, route } from "#runtime/http-route";
import {
  countedSurroundings,
  type GatewayRequest,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";

const noon = 1_700_000_000_000 as EpochMs;

let seen: HttpRequest<unknown, unknown>[];

beforeEach(() => {
  seen = [];
});

const verifier = { verify: async () => ({ id: "caller", scopes: ["orders:write"] }) };

const record = async (request: HttpRequest<unknown, unknown>) => {
  seen.push(request);
  return { status: 200, body: { fine: true } };
};

const routes: readonly HttpRoute[] = [
  route({ route: "GET /v1/products", querySchema: listProductsQuery, handle: record }),
  route({ route: "POST /v1/orders", bodySchema: placeOrderBody, handle: record }),
  route({ route: "POST /oauth2/token", bodyFormat: "form", bodyBytesMax: 10, handle: record }),
];

const call = (request: GatewayRequest, changes: object = {}) =>
  httpFunction(
    { service: "gateway", routes, verifier },
    countedSurroundings(noon),
    untraced,
  )({ ...gatewayEvent(request), ...changes }, lambdaContext());

const list: GatewayRequest = { method: "GET", resource: "/v1/products" };
const order = { lines: [{ sku: "lamp", quantity: 1 }] };
const place = (body: unknown, headers: Record<string, string> = {}): GatewayRequest => ({
  method: "POST",
  resource: "/v1/orders",
  headers: { Authorization: "Bearer token", ...headers },
  body,
});

const problemOf = (answer: { readonly body: string }) =>
  problemSchema.parse(JSON.parse(answer.body));

test("a body over the route's bound is 413, whatever its encoding", async () => {
  const form = { "Content-Type": "application/x-www-form-urlencoded" };
  const token = { method: "POST", resource: "/oauth2/token", headers: form };
  const encoded = (text: string) => ({
    body: Buffer.from(text).toString("base64"),
    isBase64Encoded: true,
  });

  const over = await call({ ...token, body: "ééééé1" });
  const overEncoded = await call({ ...token, body: "" }, encoded("0123456789a"));
  const exactlyEncoded = await call({ ...token, body: "" }, encoded("0123456789"));
  const exactly = await call({ ...token, body: "ééééé" });

  expect(over.statusCode).toBe(413);
  expect(problemOf(over).detail).toBe("A body here has at most 10 bytes; received 11.");
  expect(overEncoded.statusCode).toBe(413);
  expect(exactly.statusCode).toBe(200);
  expect(exactlyEncoded.statusCode).toBe(200);
});

test.each(["text/plain", "application/json; charset=latin1", "application/jsonp", ""])(
  "a body as %j is 415",
  async (type) => {
    const answer = await call(place(order, { "Content-Type": type }));

    expect(answer.statusCode).toBe(415);
    expect(seen).toEqual([]);
  },
);

test("JSON with a charset of UTF-8 is read", async () => {
  const type = 'Application/JSON; charset="UTF-8"';

  expect((await call(place(order, { "Content-Type": type }))).statusCode).toBe(200);
});

test("a base64 body is decoded, and refused when it is no text", async () => {
  const encoded = (bytes: Buffer) => ({ body: bytes.toString("base64"), isBase64Encoded: true });
  const bytes = Buffer.from(JSON.stringify({ ...order, externalReference: "é" }));

  const text = await call(place(""), encoded(bytes));
  const noText = await call(place(""), encoded(Buffer.from([0x7b, 0xff, 0x7d])));

  expect(text.statusCode).toBe(200);
  expect(seen[0]?.rawBody).toBe(bytes.toString());
  expect(seen[0]?.body).toMatchObject({ externalReference: "é" });
  expect(problemOf(noText)).toMatchObject({ status: 400, detail: "The body is not UTF-8 text." });
});

test.each(["", "{", '{"lines": [}'])("the body %j is malformed", async (body) => {
  const answer = await call(place(body));

  expect(problemOf(answer)).toMatchObject({
    type: "urn:inorder:problem:malformed-request",
    status: 400,
  });
});

test.each([
  { name: "a missing field", body: {}, pointer: "/lines" },
  { name: "a wrong type", body: { lines: "lamp" }, pointer: "/lines" },
  { name: "an unknown field", body: { ...order, "a/b~c": 1 }, pointer: "/a~1b~0c" },
  { name: "a hidden prototype", body: '{"lines":[],"__proto__":{"x":1}}', pointer: "/__proto__" },
  {
    name: "a negative quantity",
    body: { lines: [{ sku: "lamp", quantity: -1 }] },
    pointer: "/lines/0/quantity",
  },
  { name: "a list", body: [], pointer: "" },
])("$name is invalid, with a pointer to it", async ({ body, pointer }) => {
  const answer = await call(place(body));
  const problem = problemOf(answer);

  expect(problem).toMatchObject({ type: "urn:inorder:problem:invalid-request", status: 400 });
  expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
  expect(seen).toEqual([]);
});

test.each([
  { query: { limit: "0" }, pointer: "/query/limit" },
  { query: { limit: "x" }, pointer: "/query/limit" },
  { query: { colour: "red" }, pointer: "/query/colour" },
])("the query $query is invalid", async ({ query, pointer }) => {
  const answer = await call({ ...list, query });

  expect(problemOf(answer).errors?.map((error) => error.pointer)).toEqual([pointer]);
});

test("a route that takes no query refuses one, so that nothing happens unawares", async () => {
  const answer = await call({ ...place(order), query: { dryRun: "true", "a/b": "1" } });

  expect(answer.statusCode).toBe(400);
  expect(problemOf(answer).errors?.map(({ pointer }) => pointer)).toEqual([
    "/query/dryRun",
    "/query/a~1b",
  ]);
  expect(seen).toEqual([]);
});

test("a query is read with its defaults, and no parameter twice", async () => {
  await call({ ...list, query: { cursor: "c" } });
  const twice = { multiValueQueryStringParameters: { limit: ["1", "2"] } };
  const answer = await call({ ...list, query: { limit: "2" } }, twice);

  expect(seen.map(({ query }) => query)).toEqual([{ cursor: "c", limit: 20, sort: "newest" }]);
  expect(problemOf(answer).errors?.[0]?.pointer).toBe("/query/limit");
});

test("a form with a schema is read, and no field twice", async () => {
  const fields = z.strictObject({ name: z.string() });
  const form = [
    route({ route: "POST /oauth2/token", bodyFormat: "form", bodySchema: fields, handle: record }),
  ];
  const handler = httpFunction(
    { service: "gateway", routes: form },
    countedSurroundings(noon),
    untraced,
  );
  const send = (body: string) => {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const event = gatewayEvent({ method: "POST", resource: "/oauth2/token", headers, body });
    return handler(event, lambdaContext());
  };

  const read = await send("name=a+%C3%BC");
  const twice = await send("name=a&name=b");
  const unknown = await send("name=a&other=b");

  expect(read.statusCode).toBe(200);
  expect(seen.map(({ body }) => body)).toEqual([{ name: "a ü" }]);
  expect(problemOf(twice).type).toBe("urn:inorder:problem:malformed-request");
  expect(problemOf(unknown).errors).toMatchObject([{ pointer: "/other" }]);
});

test("half a character in a body is refused where it stands", async () => {
  const answer = await call(place({ ...order, externalReference: "a\ud800" }));

  expect(problemOf(answer)).toMatchObject({
    status: 400,
    errors: [
      {
        pointer: "/externalReference",
        detail: "A surrogate without its other half is no character.",
      },
    ],
  });
  expect(seen).toEqual([]);
});

test.each(["x".repeat(129), "a b", "a\u0000", "../etc", "{{7*7}}", ""])(
  "what can be no id names nothing: %j",
  async (sku) => {
    const answer = await call({ method: "GET", resource: "/v1/products", parameters: { sku } });

    expect(problemOf(answer)).toMatchObject({ status: 404 });
    expect(seen).toEqual([]);
  },
);
