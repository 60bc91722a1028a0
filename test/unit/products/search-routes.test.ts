// Searching over HTTP: pages, chosen fields, copies that still hold, and everything a caller can
// get wrong.
import { beforeEach, expect, test } from "vitest";
import { signedCursors } from "#adapters/http/signed-cursor";
import { memoryRecommendations } from "#adapters/memory/recommendations";
import { memorySnapshotStore } from "#adapters/memory/snapshot-store";
import { snapshotSearch } from "#adapters/minisearch/search-index";
import { snapshotWriter } from "#adapters/minisearch/search-writer";
import { searchAnswer, suggestions } from "#contracts/http/search";
import { type EpochMs, milliseconds } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import type { SearchWriter } from "#services/products/search-ports";
import { searchRoutes } from "../../../functions/products/search-routes.ts";
import {
  countedSurroundings,
  type GatewayRequest,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";
import { lamp, versionOf } from "../../support/product-samples.ts";
import { steppingClock } from "../../support/stepping-clock.ts";

const noon = 1_700_000_000_000 as EpochMs;

let writer: SearchWriter;
let handler: ReturnType<typeof httpFunction>;

beforeEach(() => {
  const snapshots = memorySnapshotStore();
  const clock = steppingClock();
  writer = snapshotWriter({ snapshots, clock });
  handler = httpFunction(
    {
      service: "search",
      routes: searchRoutes({
        index: snapshotSearch({ snapshots, clock, lookEveryMs: milliseconds(0) }),
        recommendations: memoryRecommendations(),
        cursors: signedCursors(async () => "a secret that only this test knows"),
      }),
    },
    countedSurroundings(noon),
    untraced,
  );
});

const call = (request: GatewayRequest) => handler(gatewayEvent(request), lambdaContext());

const get = (query: Record<string, string>, headers: Record<string, string> = {}) =>
  call({ method: "GET", resource: "/v1/products/search", query, headers });

const post = (body: unknown) => call({ method: "POST", resource: "/v1/products/search", body });

const suggest = (query: Record<string, string>) =>
  call({ method: "GET", resource: "/v1/products/suggest", query });

const stock = (count: number) =>
  writer.apply(
    Array.from({ length: count }, (_, at) =>
      versionOf({ sku: `sku-${1000 + at}`, title: `Shelf ${at % 7}` }),
    ),
  );

test("a found product is shown with amounts, its mean rating and the facets", async () => {
  await writer.apply([{ version: 1, product: { ...lamp, rating: { count: 3, sum: 14 } } }]);

  const answer = await get({ q: "gren lamp", minPrice: "4000", currency: "BRL", minRating: "4.5" });

  expect(answer.statusCode).toBe(200);
  expect(searchAnswer.parse(JSON.parse(answer.body))).toEqual({
    total: 1,
    products: [
      {
        sku: "lamp-1",
        title: "Green desk lamp",
        category: "lighting",
        image: "https://images.example/lamp.jpg",
        price: { amount: 4_990, currency: "BRL" },
        freight: { amount: 500, currency: "BRL" },
        rating: { count: 3, mean: 4.67 },
      },
    ],
    facets: {
      categories: [{ category: "lighting", count: 1 }],
      priceBands: [{ currency: "BRL", from: 2_500, to: 5_000, count: 1 }],
    },
  });
  expect(answer.headers?.["cache-control"]).toBe("public, no-cache");
});

test("only the fields that are asked for are sent", async () => {
  await writer.apply([{ version: 1, product: lamp }]);

  const byQuery = searchAnswer.parse(
    JSON.parse((await get({ q: "lamp", fields: "sku,price" })).body),
  );
  const byBody = searchAnswer.parse(
    JSON.parse((await post({ q: "lamp", fields: ["sku", "price"] })).body),
  );

  const chosen = [{ sku: "lamp-1", price: { amount: 4_990, currency: "BRL" } }];
  expect(byQuery.products).toEqual(chosen);
  expect(byBody.products).toEqual(chosen);
});

test("who has the answer is told so; another answer has another tag", async () => {
  await stock(3);
  const etag = String((await get({ q: "shelf" })).headers?.["etag"]);

  const again = await get({ q: "shelf" }, { "If-None-Match": etag });
  await writer.apply([versionOf({ sku: "sku-1000", title: "Shelf", price: 1 }, 2)]);
  const changed = await get({ q: "shelf" }, { "If-None-Match": etag });

  expect(again).toMatchObject({ statusCode: 304, body: "", headers: { etag } });
  expect(changed.statusCode).toBe(200);
});

test("following the cursors visits every product once, whichever route they came by", async () => {
  await stock(25);
  const skus: string[] = [];
  let cursor: string | undefined;

  for (let page = 0; page < 3; page += 1) {
    const more = cursor === undefined ? {} : { cursor };
    const answer =
      page === 1
        ? await post({ q: "shelf", limit: 10, ...more })
        : await get({ q: "shelf", limit: "10", ...more });
    const { products, next } = searchAnswer.parse(JSON.parse(answer.body));
    skus.push(...products.map(({ sku = "" }) => sku));
    cursor = next;
  }

  expect(cursor).toBeUndefined();
  expect(new Set(skus).size).toBe(25);
});

test("nobody is paged deeper than a thousand", async () => {
  await stock(1_030);
  let cursor: string | undefined;
  let seen = 0;
  let pages = 0;

  do {
    const more: Record<string, string> = cursor === undefined ? {} : { cursor };
    const answer = await get({ q: "", limit: "90", fields: "sku", ...more });
    const { products, next } = searchAnswer.parse(JSON.parse(answer.body));
    seen += products.length;
    cursor = next;
    pages += 1;
  } while (cursor !== undefined && pages < 20);

  expect({ seen, pages }).toEqual({ seen: 1_000, pages: 12 });
});

test("a cursor of another search, or none of ours, is 400", async () => {
  await stock(25);
  const { next = "" } = searchAnswer.parse(JSON.parse((await get({ q: "shelf" })).body));

  for (const query of [
    { q: "table", cursor: next },
    { q: "shelf", category: "seats", cursor: next },
    { q: "shelf", cursor: "MTA.x" },
  ]) {
    const answer = await get(query);
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ errors: [{ pointer: "/query/cursor" }] });
  }
});

test("a text goes on", async () => {
  await stock(3);

  const answer = await suggest({ q: "she" });

  expect(suggestions.parse(JSON.parse(answer.body))).toEqual({ suggestions: ["shelf"] });
});

const tooMany = Array.from({ length: 11 }, (_, at) => `c${at}`).join(",");

test.for([
  [{ q: "x".repeat(201) }, "/query/q"],
  [{ limit: "0" }, "/query/limit"],
  [{ limit: "101" }, "/query/limit"],
  [{ limit: "ten" }, "/query/limit"],
  [{ offset: "5" }, "/query/offset"],
  [{ minPrice: "1" }, "/query/currency"],
  [{ maxPrice: "-1", currency: "BRL" }, "/query/maxPrice"],
  [{ maxPrice: "1e3", currency: "BRL" }, "/query/maxPrice"],
  [{ maxPrice: "9999999999999999", currency: "BRL" }, "/query/maxPrice"],
  [{ minPrice: "1", currency: "reais" }, "/query/currency"],
  [{ minRating: "6" }, "/query/minRating"],
  [{ minRating: "NaN" }, "/query/minRating"],
  [{ category: tooMany }, "/query/category"],
  [{ category: "a,,b" }, "/query/category/1"],
  [{ fields: "sku,secret" }, "/query/fields/1"],
  [{ fields: "" }, "/query/fields/0"],
  [{ cursor: "" }, "/query/cursor"],
] as const)("the query %j is refused", async ([query, pointer]) => {
  const answer = await get({ ...query });

  expect(answer.statusCode).toBe(400);
  expect(JSON.parse(answer.body)).toMatchObject({
    type: "urn:inorder:problem:invalid-request",
    errors: [{ pointer }],
  });
});

test.for([
  [{ q: 1 }, "/q"],
  [{ q: "x".repeat(201) }, "/q"],
  [{ limit: "10" }, "/limit"],
  [{ query: "lamp" }, "/query"],
  [{ categories: Array(201).fill("a") }, "/categories"],
  [{ price: { min: 1 } }, "/price/currency"],
  [{ price: { currency: "BRL", min: -1 } }, "/price/min"],
  [{ price: { currency: "BRL", below: 1 } }, "/price/below"],
  [{ fields: [] }, "/fields"],
  [[], ""],
] as const)("the body %j is refused", async ([body, pointer]) => {
  const answer = await post(body);

  expect(answer.statusCode).toBe(400);
  expect(JSON.parse(answer.body)).toMatchObject({ errors: [{ pointer }] });
});

test.for([{}, { q: "" }, { q: "x".repeat(201) }, { q: "a", limit: "21" }, { q: "a", x: "1" }])(
  "the text to go on %j is refused",
  async (query) => {
    expect((await suggest(query)).statusCode).toBe(400);
  },
);
