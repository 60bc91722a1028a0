// What the onion says of a caller's quota, of pages of other origins, of versions and of routes
// that are going.
import { beforeEach, expect, test } from "vitest";
import { document } from "#contracts/http/operations/operation";
import { openApi } from "#contracts/http/operations/open-api";
import { productPage } from "#contracts/http/products";
import { problemSchema } from "#contracts/http/problem";
import { deprecationHeaders } from "#contracts/http/deprecation";
import type { EpochMs } from "#kernel/units";
import { responseHeaders } from "#runtime/http/response-headers";
import type { HttpMiddleware } from "#runtime/http/exchange";
import { httpFunction } from "#runtime/http-function";
import { route } from "#runtime/http-route";
import { limiter } from "#runtime/rate-limit/limiter";
import {
  countedSurroundings,
  gatewayEvent,
  type GatewayRequest,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";

const noon = 1_700_000_000_000;
const SHOP = "https://shop.example";

let now = noon;
let handled = 0;

beforeEach(() => {
  now = noon;
  handled = 0;
});

const handle = async () => {
  handled += 1;
  return { status: 200, body: {} };
};

const verifier = {
  verify: async (token: string) => ({ id: token, scopes: ["products:write", "orders:read"] }),
};

function served(origins: readonly string[] = [SHOP]) {
  const surroundings = countedSurroundings(noon as EpochMs);
  const clock = { ...surroundings.clock, now: () => now as EpochMs };
  const handler = httpFunction(
    {
      service: "gateway",
      routes: [
        route({ route: "GET /v1/products", handle }),
        route({ route: "POST /v1/products", handle }),
        route({ route: "GET /v1/orders", handle }),
      ],
      verifier,
      edge: {
        limiter: limiter([
          { name: "default", quota: 2, windowSeconds: 60 },
          { name: "anonymous", quota: 1, windowSeconds: 10 },
        ]),
        origins,
      },
    },
    { ...surroundings, clock },
    untraced,
  );
  return (request: Partial<GatewayRequest> = {}) =>
    handler(gatewayEvent({ method: "GET", resource: "/v1/products", ...request }), lambdaContext());
}

const orders = (token: string) => ({
  resource: "/v1/orders",
  headers: { authorization: `Bearer ${token}` },
});

test("every answer says what is left of the quota, in the syntax of the draft", async () => {
  const call = served();

  const first = await call(orders("ann"));
  now += 1_000;
  const second = await call(orders("ann"));

  expect([first.headers, second.headers]).toMatchObject([
    { "ratelimit-policy": '"default";q=2;w=60', ratelimit: '"default";r=1;t=30' },
    { "ratelimit-policy": '"default";q=2;w=60', ratelimit: '"default";r=0;t=59' },
  ]);
});

test("beyond it is 429 with IANA's problem, and others are not in its way", async () => {
  const call = served();
  for (const _turn of [1, 2]) await call(orders("ann"));

  const refused = await call(orders("ann"));
  const other = await call(orders("bob"));
  now += 30_000;
  const later = await call(orders("ann"));

  expect(refused.statusCode).toBe(429);
  expect(refused.headers).toMatchObject({
    "retry-after": "30",
    ratelimit: '"default";r=0;t=60',
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  });
  expect(problemSchema.parse(JSON.parse(refused.body))).toMatchObject({
    type: "https://iana.org/assignments/http-problem-types#quota-exceeded",
    status: 429,
    "violated-policies": ["default"],
  });
  expect([other.statusCode, later.statusCode]).toEqual([200, 200]);
  expect(handled).toBe(4);
});

test("without a token it is the address that is counted", async () => {
  const call = served();

  const [first, second] = [await call(), await call()];

  expect([first.statusCode, second.statusCode]).toEqual([200, 429]);
  expect(second.headers).toMatchObject({ "ratelimit-policy": '"anonymous";q=1;w=10' });
});

const asked = { origin: SHOP, "access-control-request-method": "POST" };

test("a browser is told exactly the methods of the resource, and nothing runs", async () => {
  const answer = await served()({ method: "OPTIONS", headers: asked });

  expect(answer.statusCode).toBe(204);
  expect(answer.headers).toMatchObject({
    "access-control-allow-origin": SHOP,
    "access-control-allow-methods": "GET, HEAD, POST",
    "access-control-max-age": "600",
    vary: "Origin",
  });
  expect(answer.headers?.["access-control-allow-headers"]).toContain("idempotency-key");
  expect(answer.headers?.["access-control-allow-credentials"]).toBeUndefined();
  expect(handled).toBe(0);
});

test.each([`${SHOP}.evil.example`, "https://evil.example", "http://shop.example", "null", "*"])(
  "pages of %s are not let in",
  async (origin) => {
    const call = served();

    const preflight = await call({ method: "OPTIONS", headers: { ...asked, origin } });
    const answer = await call({ ...orders("ann"), headers: { ...orders("ann").headers, origin } });

    expect(preflight.statusCode).toBe(403);
    for (const { headers } of [preflight, answer]) {
      expect(headers?.["access-control-allow-origin"]).toBeUndefined();
      expect(headers?.["vary"]).toBe("Origin");
    }
  },
);

test("a page sees an answer and a refusal alike, with their headers", async () => {
  const call = served();
  const headers = { origin: SHOP };

  const answers = [await call({ headers }), await call({ headers })];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 429]);
  for (const answer of answers) {
    expect(answer.headers?.["access-control-allow-origin"]).toBe(SHOP);
    expect(answer.headers?.["access-control-expose-headers"]).toContain("ratelimit");
  }
});

test("where no origin is let in, nothing is said of any, and OPTIONS is no method", async () => {
  const call = served([]);

  const answer = await call({ headers: { origin: SHOP } });
  const options = await call({ method: "OPTIONS" });

  expect(answer.headers).not.toHaveProperty("vary");
  expect([options.statusCode, options.headers?.["allow"]]).toEqual([405, "GET, HEAD, POST"]);
});

test("a known version is answered with its name, an unknown one is refused", async () => {
  const call = served();

  const known = await call({ headers: { "API-Version": "2026-11-22" } });
  const unknown = await call({ headers: { "API-Version": "2026-11-21" } });

  expect(known.statusCode).toBe(200);
  expect(known.headers?.["api-version"]).toBe("2026-11-22");
  expect(problemSchema.parse(JSON.parse(unknown.body))).toMatchObject({
    type: "urn:inorder:problem:unknown-version",
    status: 400,
  });
});

const going = {
  since: "2027-01-01T00:00:00Z",
  sunset: "2027-07-01T00:00:00Z",
  documentation: "https://docs.example/products",
  successor: "/v2/products",
};

test("a route that is going says since when, until when, and what takes its place", () => {
  const context = {
    exchange: { headers: {}, trace: {}, route: { deprecated: going }, limited: undefined },
  };
  const response = { statusCode: 200, body: "", headers: { link: '<?cursor=a>; rel="next"' } };
  const request = { context, response } as unknown as Parameters<
    NonNullable<HttpMiddleware["after"]>
  >[0];

  responseHeaders([]).after?.(request);

  expect(request.response?.headers).toMatchObject({
    deprecation: "@1798761600",
    sunset: "Thu, 01 Jul 2027 00:00:00 GMT",
    link:
      '<?cursor=a>; rel="next", <https://docs.example/products>; rel="deprecation"; ' +
      'type="text/html", </v2/products>; rel="successor-version"',
  });
});

test("a sunset before the deprecation, or no instant at all, is refused", () => {
  expect(() => deprecationHeaders({ ...going, sunset: "2026-12-31T23:59:59Z" })).toThrow(
    "Sunset 2026-12-31T23:59:59Z is before deprecation 2027-01-01T00:00:00Z",
  );
  expect(() => deprecationHeaders({ ...going, since: "soon" })).toThrow("soon is no instant");
});

test("the document says of a route that it is going", () => {
  const { paths } = JSON.parse(
    JSON.stringify(
      openApi([
        {
          route: {
            method: "GET",
            path: "/v1/products",
            entry: "products/http",
            access: "public",
            deprecated: going,
          },
          operation: {
            summary: "List products",
            answer: { status: 200, body: document("ProductPage", productPage) },
          },
        },
      ]),
    ),
  ) as { readonly paths: Record<string, { readonly get: Record<string, unknown> }> };
  const { get } = paths["/v1/products"] ?? {};

  expect(get).toMatchObject({
    deprecated: true,
    externalDocs: { url: going.documentation },
    responses: { "200": { headers: { Deprecation: {}, Sunset: {} } } },
  });
});
