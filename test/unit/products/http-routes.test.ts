// The catalogue over HTTP: pages by sealed cursors, and a product that is sent again only when it
// changed.
import { beforeEach, expect, test } from "vitest";
import { signedCursors } from "#adapters/http/signed-cursor";
import { memoryProductStore } from "#adapters/memory/product-store";
import { productPage, productView } from "#contracts/http/products";
import type { EpochMs } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import type { Product, ProductStore } from "#services/products/ports";
import { catalogueRoutes } from "../../../functions/products/routes.ts";
import {
  countedSurroundings,
  type GatewayRequest,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";

const noon = 1_700_000_000_000 as EpochMs;
const cursors = signedCursors(async () => "a secret that only this test knows");
const lamp = { sku: "lamp", currency: "BRL", price: 1990, freight: 500, weightGrams: 700 };

let products: ProductStore;

beforeEach(() => {
  products = memoryProductStore();
});

const call = (request: GatewayRequest) =>
  httpFunction(
    { service: "products", routes: catalogueRoutes({ products, cursors }) },
    countedSurroundings(noon),
    untraced,
  )(gatewayEvent(request), lambdaContext());

const list = (query?: Record<string, string>) =>
  call({ method: "GET", resource: "/v1/products", ...(query === undefined ? {} : { query }) });

const get = (sku: string, headers: Record<string, string> = {}) =>
  call({ method: "GET", resource: "/v1/products/{sku}", parameters: { sku }, headers });

const many = (count: number): readonly Product[] =>
  Array.from({ length: count }, (_, index) => ({ ...lamp, sku: `sku-${100 + index}` }));

test("a product is shown with amounts in its currency", async () => {
  await products.put([{ ...lamp, category: "light" }]);

  const answer = await get("lamp");

  expect(answer.statusCode).toBe(200);
  expect(productView.parse(JSON.parse(answer.body))).toEqual({
    sku: "lamp",
    category: "light",
    price: { amount: 1990, currency: "BRL" },
    freight: { amount: 500, currency: "BRL" },
    weightGrams: 700,
  });
  expect(answer.headers?.["cache-control"]).toBe("public, no-cache");
});

test("who has the representation is told so, with nothing sent", async () => {
  await products.put([lamp]);
  const etag = String((await get("lamp")).headers?.["etag"]);

  const answer = await get("lamp", { "If-None-Match": `"other", ${etag}` });

  expect(answer).toMatchObject({ statusCode: 304, body: "", headers: { etag } });
  expect(answer.headers).not.toHaveProperty("content-type");
});

test("a changed price is another representation", async () => {
  await products.put([lamp]);
  const etag = String((await get("lamp")).headers?.["etag"]);
  await products.put([{ ...lamp, price: 1991 }]);

  const answer = await get("lamp", { "If-None-Match": etag });

  expect(answer.statusCode).toBe(200);
  expect(answer.headers?.["etag"]).not.toBe(etag);
});

test.each(["nothing-here", "", "../lamp", "x".repeat(3000)])(
  "the SKU %j is not found",
  async (sku) => {
    await products.put([lamp]);

    const answer = await get(sku);

    expect(answer.statusCode).toBe(404);
  },
);

test("following the cursors visits every product once", async () => {
  await products.put(many(25));
  const skus: string[] = [];
  let query: Record<string, string> | undefined = { limit: "10" };
  let pages = 0;

  while (query !== undefined && pages < 10) {
    const answer = await list(query);
    const page = productPage.parse(JSON.parse(answer.body));
    skus.push(...page.products.map(({ sku }) => sku));
    query = page.next === undefined ? undefined : { limit: "10", cursor: page.next };
    pages += 1;
  }

  expect(pages).toBe(3);
  expect(skus).toEqual(many(25).map(({ sku }) => sku));
});

test("a page has 20 products by default, an empty catalogue one empty page", async () => {
  const empty = productPage.parse(JSON.parse((await list()).body));
  await products.put(many(25));
  const first = productPage.parse(JSON.parse((await list()).body));

  expect(empty).toEqual({ products: [] });
  expect(first.products).toHaveLength(20);
});

test("a garbled, forged or foreign cursor is 400", async () => {
  await products.put(many(25));
  const { next = "" } = productPage.parse(JSON.parse((await list()).body));
  const [, mac = ""] = next.split(".");
  const foreign = await cursors.seal({ route: "GET /v1/orders" }, "sku-105");
  const bad = ["x", next.slice(0, -1), `${next}x`, `${btoa("sku-105")}.${mac}`, foreign];

  for (const cursor of bad) {
    const answer = await list({ cursor });
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({
      type: "urn:inorder:problem:invalid-request",
      errors: [{ pointer: "/query/cursor" }],
    });
  }
});
