// Many products in one request: each created or refused by itself, and none where one is malformed.
import { beforeEach, expect, test } from "vitest";
import { createdProducts } from "#contracts/http/bulk-products";
import { Failure } from "#kernel/failure";
import { productsApi, type ProductsApi } from "../../support/products-api.ts";

let api: ProductsApi;

beforeEach(() => {
  api = productsApi();
});

const brl = (amount: number) => ({ amount, currency: "BRL" });
const lamp = { sku: "lamp", title: "A lamp", price: brl(1990), freight: brl(500) };
const chair = { ...lamp, sku: "chair", title: "A chair", category: "seats" };

const bulk = (...products: readonly object[]) =>
  api.call({ method: "POST", resource: "/v1/products/bulk", body: { products } });

test("each is created or refused by itself, and said so in its place", async () => {
  await api.create(lamp);

  const answer = await bulk(chair, { ...lamp, title: "Another lamp" }, { ...lamp, sku: "table" });
  const again = await bulk(chair, { ...lamp, title: "Another lamp" }, { ...lamp, sku: "table" });

  expect(answer.statusCode).toBe(200);
  const { results } = createdProducts.parse(JSON.parse(answer.body));
  expect(results).toMatchObject([
    { sku: "chair", status: 201, version: 1, etag: (await api.get("chair")).headers?.["etag"] },
    {
      sku: "lamp",
      status: 409,
      problem: { type: "urn:inorder:problem:conflict", errors: [{ pointer: "/products/1/sku" }] },
    },
    { sku: "table", status: 201, version: 1 },
  ]);
  expect(again.body).toBe(answer.body);
  expect(await api.products.get("lamp")).toMatchObject({ title: "A lamp", version: 1 });
});

test("a product that is malformed, twice or one too many refuses them all", async () => {
  const answers = await Promise.all([
    bulk(chair, { ...lamp, price: brl(-1) }),
    bulk(chair, { ...lamp, sku: "chair" }),
    bulk(...Array.from({ length: 51 }, (_none, at) => ({ ...lamp, sku: `sku-${at}` }))),
    bulk(),
  ]);

  const pointers = answers.map(({ statusCode, body }) => {
    const { errors } = JSON.parse(body) as { readonly errors: readonly { pointer: string }[] };
    return [statusCode, ...errors.map(({ pointer }) => pointer)];
  });
  expect(pointers).toEqual([
    [400, "/products/1/price/amount"],
    [400, "/products"],
    [400, "/products"],
    [400, "/products"],
  ]);
  expect(await api.products.get("chair")).toBeUndefined();
});

test("a store that fails for one keeps the others' answers; an operator hears why", async () => {
  const write = api.products.write.bind(api.products);
  const down = new Failure("store-unavailable", "retry", "table secret-name is down");
  api.products.write = (products) =>
    products.some(({ sku }) => sku === "chair") ? Promise.reject(down) : write(products);

  const { body } = await bulk(chair, lamp);

  const { results } = createdProducts.parse(JSON.parse(body));
  expect(results.map(({ sku, status }) => [sku, status])).toEqual([
    ["chair", 503],
    ["lamp", 201],
  ]);
  expect(body).not.toContain("secret-name");
  expect(results[0]?.problem?.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(api.errors).toEqual([{ sku: "chair", code: "store-unavailable", error: down }]);
  expect(api.counts.get("ServerErrors")).toBe(1);
});

test("a refusal is nothing that an operator has to hear of", async () => {
  await api.create(lamp);

  await bulk({ ...lamp, title: "Another lamp" });

  expect(api.errors).toEqual([]);
  expect(api.counts.get("ServerErrors")).toBeUndefined();
});
