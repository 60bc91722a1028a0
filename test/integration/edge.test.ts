// The edge as clients meet it: health, documents, quotas, pages of other origins, what may be kept.
import { inject, expect, test } from "vitest";
import { PROBLEM_TYPE } from "#contracts/http/problem";
import asyncApi from "../../docs/asyncapi.json" with { type: "json" };
import openApi from "../../docs/openapi.json" with { type: "json" };
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));

test("the shop is live and ready, and says so for some seconds", async () => {
  const answers = await Promise.all([
    shop.call("GET", "/health/live"),
    shop.call("GET", "/health/ready"),
  ]);

  expect(answers.map(({ body }) => body)).toEqual([{ status: "live" }, { status: "ready" }]);
  for (const { headers } of answers) {
    expect(headers.get("cache-control")).toBe("public, max-age=5");
    expect(headers.get("strict-transport-security")).toContain("max-age=31536000");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  }
});

test("the documents are those that are committed, and are sent once", async () => {
  const [routes, events] = await Promise.all([
    shop.call("GET", "/v1/openapi.json"),
    shop.call("GET", "/v1/asyncapi.json"),
  ]);
  const tag = routes.headers.get("etag") ?? "";
  const again = await shop.call("GET", "/v1/openapi.json", { headers: { "if-none-match": tag } });

  expect(routes.body).toEqual({ ...openApi, servers: [{ url: shop.api }] });
  expect(events.body).toEqual(asyncApi);
  expect(routes.headers.get("cache-control")).toBe("public, max-age=300");
  expect([again.status, again.text]).toEqual([304, ""]);
});

test("HEAD is told what GET is told, and how long it would be", async () => {
  const [get, head, refused] = await Promise.all([
    shop.call("GET", "/v1/openapi.json"),
    shop.call("HEAD", "/v1/openapi.json"),
    shop.call("HEAD", "/v1/orders"),
  ]);

  expect([head.status, head.text]).toEqual([200, ""]);
  for (const name of ["etag", "cache-control", "content-type", "content-length"]) {
    expect(head.headers.get(name)).toBe(get.headers.get(name));
  }
  expect(Number(head.headers.get("content-length"))).toBe(Buffer.byteLength(get.text));
  expect(refused.status).toBe(401);
});

/** Each sandbox counts for itself, and there are some at most. */
const REQUESTS_MAX = 200;

test("whoever asks for them too often is told when to come back", async () => {
  let refused = await shop.call("GET", "/v1/asyncapi.json");
  for (let asked = 0; asked < REQUESTS_MAX && refused.status !== 429; asked += 1) {
    const headers = { "if-none-match": "*" };
    refused = await shop.call("GET", "/v1/asyncapi.json", { headers });
  }

  expect(refused.status).toBe(429);
  expect(refused.headers.get("content-type")).toBe(PROBLEM_TYPE);
  expect(refused.headers.get("ratelimit-policy")).toBe('"documents";q=20;w=10');
  expect(refused.headers.get("ratelimit")).toMatch(/^"documents";r=0;t=10$/);
  expect(refused.headers.get("retry-after")).toBe("1");
  expect(refused.body).toMatchObject({
    type: "https://iana.org/assignments/http-problem-types#quota-exceeded",
    "violated-policies": ["documents"],
  });
});

test("pages of the stage's origins may call, those of others may not", async () => {
  const origin = "http://localhost:3000";
  const asks = { "access-control-request-method": "POST" };

  const [mine, other, answer] = await Promise.all([
    shop.call("OPTIONS", "/v1/orders", { headers: { origin, ...asks } }),
    shop.call("OPTIONS", "/v1/orders", { headers: { origin: "https://evil.example", ...asks } }),
    shop.call("GET", "/v1/orders", { headers: { origin } }),
  ]);

  expect([mine.status, mine.headers.get("access-control-allow-methods")]).toEqual([
    204,
    "POST, GET, HEAD",
  ]);
  expect(
    [mine, other, answer].map(({ headers }) => headers.get("access-control-allow-origin")),
  ).toEqual([origin, null, origin]);
  expect([other.status, answer.status]).toEqual([403, 401]);
});

test("nobody keeps tokens and orders", async () => {
  const token = await shop.token("orders:read");
  const [orders, refusedToken] = await Promise.all([
    shop.call("GET", "/v1/orders", { token }),
    shop.call("POST", "/oauth2/token", {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "grant_type=client_credentials",
    }),
  ]);

  expect([orders.status, refusedToken.status]).toEqual([200, 401]);
  for (const { headers } of [orders, refusedToken]) {
    expect(headers.get("cache-control")).toBe("no-store");
  }
});
