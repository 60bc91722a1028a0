// The document of the routes is what route table and schemas say, OpenAPI's own schema accepts it,
// and what functions read and tests send is what it says.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { describedRoutes } from "#contracts/http/operations/described";
import { openApi } from "#contracts/http/operations/open-api";
import { document as named, type Operation } from "#contracts/http/operations/operation";
import { OPERATIONS } from "#contracts/http/operations/operations";
import { type RouteKey, ROUTES } from "#contracts/http/routes";
import { cartView } from "#contracts/http/carts";
import { faultsOf } from "../../support/bad-requests/faults.ts";
import { goodRequests } from "../../support/bad-requests/good-requests.ts";
import { servedRoutes } from "../../support/served-routes.ts";

const PATH = join(import.meta.dirname, "..", "..", "..", "docs", "openapi.json");

type Responses = Readonly<Record<string, unknown>>;
type Paths = Readonly<Record<string, Readonly<Record<string, { readonly responses: Responses }>>>>;
const document = JSON.parse(JSON.stringify(openApi(describedRoutes()))) as {
  readonly paths: Paths;
};

const responsesOf = (path: string, method: string): Responses =>
  document.paths[path]?.[method]?.responses ?? {};

const keys = ROUTES.map(({ method, path }) => `${method} ${path}` as RouteKey);
const good = goodRequests({
  sku: "sku-1",
  orderId: "0".repeat(26),
  cartId: "0".repeat(26),
  endpointId: "endpoint",
  endpointTag: '"1"',
  reviewId: "0".repeat(26),
  reviewTag: '"1"',
  reservationId: "0".repeat(26),
  productTag: '"1"',
});

test("the committed document is what npm run documents -- --write docs writes", () => {
  expect(JSON.parse(readFileSync(PATH, "utf8"))).toEqual(document);
});

test("it is OpenAPI 3.1, and what that does not know is found", async () => {
  const validator = new Validator();
  const broken = { ...document, paths: { "/v1/orders": { get: { responses: "all" } } } };

  expect(await validator.validate(document)).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
  expect((await validator.validate(broken)).valid).toBe(false);
});

test("every reference leads somewhere, and every operation has a name of its own", () => {
  const text = JSON.stringify(document);
  const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = ""]) => path);
  const at = (path: string): unknown =>
    path
      .split("/")
      .reduce<unknown>((place, name) => (place as Record<string, unknown>)?.[name], document);
  const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);

  expect(references.length).toBeGreaterThan(100);
  expect(references.filter((path) => at(path) === undefined)).toEqual([]);
  expect(new Set(ids).size).toBe(ROUTES.length);
});

test("one name of two schemas is refused", () => {
  const [first] = describedRoutes();
  if (first === undefined) throw new Error("There are no routes.");
  const answer = { status: 200, body: named("Problem", cartView) } as const;

  expect(() => openApi([{ ...first, operation: { summary: "", answer } }])).toThrow(
    "Problem names two schemas.",
  );
});

test("functions read what the document says, by the very same schemas", () => {
  const served = new Map(servedRoutes().map((route) => [route.route as string, route]));
  const differing = keys.filter((key) => {
    const { body, query, mediaType }: Operation = OPERATIONS[key];
    const route = served.get(key);
    if (route === undefined) return true;
    const isForm = mediaType === "application/x-www-form-urlencoded";
    const isPatch = mediaType === "application/merge-patch+json";
    return !(
      (isForm || route.bodySchema === body?.schema) &&
      route.querySchema === query &&
      (route.bodyFormat === "form") === isForm &&
      (route.bodyFormat === "merge-patch") === isPatch
    );
  });

  expect(differing).toEqual([]);
  expect(served.size).toBe(keys.length);
});

test("what a token's client is refused by has the form of OAuth, or is a problem", () => {
  const { "400": wrong, "401": unknown } = responsesOf("/oauth2/token", "post");

  const content = {
    "application/json": { schema: { $ref: "#/components/schemas/TokenRefusal" } },
    "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
  };
  expect([wrong, unknown]).toMatchObject([{ content }, { content }]);
});

test("an audit of an order that is not there is 404", () => {
  expect(responsesOf("/v1/audit", "get")).toHaveProperty("404");
});

test("what is sent to every route, right or wrong, is in the document", () => {
  for (const route of ROUTES) {
    const key = `${route.method} ${route.path}` as RouteKey;
    const { body, needs = [], takes = [] }: Operation = OPERATIONS[key];
    const request = good[key];
    const asks = { key: needs.includes("Idempotency-Key"), tag: request.ifMatch !== undefined };
    const known = Object.keys(responsesOf(route.path, route.method.toLowerCase()));
    const refusals = faultsOf(route, request).map(({ status }) => String(status));

    expect([key, request.hasKey === true]).toEqual([
      key,
      asks.key || (takes.includes("Idempotency-Key") && key === "POST /v1/carts"),
    ]);
    expect([key, [...needs, ...takes].includes("If-Match") || !asks.tag]).toEqual([key, true]);
    expect([key, refusals.filter((status) => !known.includes(status))]).toEqual([key, []]);
    if (request.body === undefined) continue;
    const sent: unknown = JSON.parse(JSON.stringify(request.body));
    expect([key, body?.schema.safeParse(sent).error?.issues ?? []]).toEqual([key, []]);
  }
});
