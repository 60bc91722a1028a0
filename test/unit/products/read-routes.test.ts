// The catalogue over HTTP: lists by sealed cursors, filters and orders, and a product that is sent
// again only when it changed.
import { beforeEach, expect, test } from "vitest";
import { categoryList, productPage, productView } from "#contracts/http/products";
import type { EpochMs } from "#kernel/units";
import { productOfTest } from "../../support/products.ts";
import { productsApi, type ProductsApi } from "../../support/products-api.ts";

let api: ProductsApi;

beforeEach(() => {
  api = productsApi();
});

const lamp = productOfTest("lamp");

const many = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    productOfTest(`sku-${100 + index}`, { price: index, createdAt: (1e12 + index) as EpochMs }),
  );

const pageOf = async (query?: Record<string, string>) =>
  productPage.parse(JSON.parse((await api.list(query)).body));

test("a product is shown with amounts in its currency", async () => {
  const rating = { count: 3, sum: 13 };
  await api.products.write([productOfTest("lamp", { category: "light", rating, weightGrams: 7 })]);

  const answer = await api.get("lamp");

  expect(answer.statusCode).toBe(200);
  expect(productView.parse(JSON.parse(answer.body))).toEqual({
    sku: "lamp",
    title: "The lamp",
    category: "light",
    price: { amount: 1990, currency: "BRL" },
    freight: { amount: 500, currency: "BRL" },
    weightGrams: 7,
    images: [],
    attributes: {},
    rating: { count: 3, average: 4.33 },
    version: 1,
    createdAt: "2023-11-14T22:13:20.000Z",
    updatedAt: "2023-11-14T22:13:20.000Z",
  });
  expect(answer.headers?.["cache-control"]).toBe("public, no-cache");
});

test("who has the representation is told so, with nothing sent", async () => {
  await api.products.write([lamp]);
  const etag = String((await api.get("lamp")).headers?.["etag"]);

  const answer = await api.get("lamp", { "If-None-Match": `"other", ${etag}` });

  expect(answer).toMatchObject({ statusCode: 304, body: "", headers: { etag } });
  expect(answer.headers).not.toHaveProperty("content-type");
});

test("a changed price is another representation", async () => {
  await api.products.write([lamp]);
  const etag = String((await api.get("lamp")).headers?.["etag"]);
  await api.products.write([{ ...lamp, version: 2, price: 1991 }]);

  const answer = await api.get("lamp", { "If-None-Match": etag, "Cache-Control": "no-cache" });

  expect(answer.statusCode).toBe(200);
  expect(answer.headers?.["etag"]).not.toBe(etag);
});

test.each(["nothing-here", "", "../lamp", "x".repeat(3000), "#categories", "gone"])(
  "the SKU %j is not found",
  async (sku) => {
    await api.products.write([lamp, productOfTest("gone", { deleted: true })]);

    expect((await api.get(sku)).statusCode).toBe(404);
  },
);

test("following cursors or links visits every product once", async () => {
  await api.products.write(many(25));
  const skus: string[] = [];
  let query: Record<string, string> | undefined = { limit: "10" };
  let link: string | undefined;
  let pages = 0;

  while (query !== undefined && pages < 10) {
    const answer = await api.list(query);
    const page = productPage.parse(JSON.parse(answer.body));
    skus.push(...page.products.map(({ sku }) => sku));
    link = answer.headers?.["link"] as string | undefined;
    const linked = /^<\?(.*)>; rel="next"$/.exec(link ?? "")?.[1];
    query = linked === undefined ? undefined : Object.fromEntries(new URLSearchParams(linked));
    expect(query?.["cursor"]).toBe(page.next);
    pages += 1;
  }

  expect(pages).toBe(3);
  expect(link).toBeUndefined();
  expect(skus).toEqual(
    many(25)
      .map(({ sku }) => sku)
      .toReversed(),
  );
});

test("a page has 20 products by default, an empty catalogue one empty page", async () => {
  const empty = await pageOf();
  await api.products.write(many(25));

  expect(empty).toEqual({ products: [] });
  expect((await pageOf()).products).toHaveLength(20);
});

test("by category, by price, by a range of prices, with what is asked for of each", async () => {
  await api.products.write([
    ...many(5),
    productOfTest("sofa", { category: "seats", price: 3 }),
    productOfTest("euro", { category: "seats", price: 3, currency: "EUR" }),
  ]);
  const prices = { sort: "-price", currency: "BRL", fields: "price", limit: "2" };

  const seats = await pageOf({ category: "seats", fields: "title,category" });
  const range = await pageOf({ ...prices, "price[gte]": "1", "price[lte]": "3" });
  const rest = await pageOf({
    ...prices,
    "price[gte]": "1",
    "price[lte]": "3",
    cursor: range.next ?? "",
  });
  const dear = await pageOf({ ...prices, category: "seats" });

  expect(seats.products).toEqual([
    { sku: "sofa", title: "The sofa", category: "seats" },
    { sku: "euro", title: "The euro", category: "seats" },
  ]);
  const all = [...range.products, ...rest.products];
  expect(all.map(({ sku }) => sku)).toEqual(["sofa", "sku-103", "sku-102", "sku-101"]);
  expect(all[0]).toEqual({ sku: "sofa", price: { amount: 3, currency: "BRL" } });
  expect(dear.products.map(({ sku }) => sku)).toEqual(["sofa"]);
});

test.each([
  { query: { sort: "price" }, pointer: "/query/currency" },
  { query: { sort: "name" }, pointer: "/query/sort" },
  { query: { currency: "BRL" }, pointer: "/query/currency" },
  { query: { "price[gte]": "1" }, pointer: "/query/price[gte]" },
  { query: { sort: "price", currency: "BRL", "price[lte]": "-1" }, pointer: "/query/price[lte]" },
  { query: { sort: "price", currency: "BRL", "price[lte]": "1.5" }, pointer: "/query/price[lte]" },
  { query: { sort: "price", currency: "brl" }, pointer: "/query/currency" },
  { query: { fields: "sku,secret" }, pointer: "/query/fields/1" },
  { query: { category: "" }, pointer: "/query/category" },
  { query: { category: "x\u0000y" }, pointer: "/query/category" },
  { query: { limit: "101" }, pointer: "/query/limit" },
  { query: { colour: "red" }, pointer: "/query/colour" },
])("the list $query is refused at $pointer", async ({ query, pointer }) => {
  const answer = await api.list(query);

  expect(answer.statusCode).toBe(400);
  const { errors } = JSON.parse(answer.body) as { errors: { pointer: string }[] };
  expect(errors.map((one) => one.pointer)).toContain(pointer);
});

test("a garbled, forged or foreign cursor is 400, and one of another filter or order", async () => {
  await api.products.write(many(25));
  const { next = "" } = await pageOf();
  const [, mac = ""] = next.split(".");
  const foreign = await api.cursors.seal({ route: "GET /v1/orders" }, "sku-105");
  const forged = `${btoa("sku-105")}.${mac}`;
  const bad = ["x", next.slice(0, -1), `${next}x`, forged, foreign].map((cursor) => ({ cursor }));
  const other = [
    { cursor: next, category: "seats" },
    { cursor: next, sort: "price", currency: "BRL" },
  ];

  for (const query of [...bad, ...other]) {
    const answer = await api.list(query);
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({
      type: "urn:inorder:problem:invalid-request",
      errors: [{ pointer: "/query/cursor" }],
    });
  }
  expect((await api.list({ cursor: next, limit: "7", fields: "price" })).statusCode).toBe(200);
});

test("the categories that products were given, by name", async () => {
  await api.products.add(["seats", "light", "seats"]);

  const answer = await api.call({ method: "GET", resource: "/v1/categories" });

  expect(categoryList.parse(JSON.parse(answer.body))).toEqual({
    categories: [{ category: "light" }, { category: "seats" }],
  });
});
