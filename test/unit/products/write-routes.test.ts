// The catalogue's keepers over HTTP: created once, changed only by who knows what they change,
// withdrawn and taken up again; whatever is wrong with a request changes nothing.
import { beforeEach, expect, test } from "vitest";
import { productView } from "#contracts/http/products";
import { ROUTES } from "#contracts/http/routes";
import { importProducts } from "#contracts/operator";
import { later, seconds } from "#kernel/units";
import { noon, productsApi, type ProductsApi } from "../../support/products-api.ts";

let api: ProductsApi;

beforeEach(() => {
  api = productsApi();
});

const brl = (amount: number) => ({ amount, currency: "BRL" });
const lamp = { sku: "lamp", title: "A lamp", price: brl(1990), freight: brl(500) };
const chair = {
  ...lamp,
  sku: "chair",
  description: "Four legs.",
  category: "seats",
  weightGrams: 4500,
  images: ["https://images.example/chair.jpg?size=2", "chair/back.jpg"],
  attributes: { colour: "red", legs: 4, stackable: true },
};

const typeOf = (answer: { readonly body: string }): string =>
  String((JSON.parse(answer.body) as { type: string }).type).replace("urn:inorder:problem:", "");

test("a product is created at its own address, and shown there as it was answered", async () => {
  const answer = await api.create(chair);

  expect(answer.statusCode).toBe(201);
  expect(answer.headers?.["location"]).toBe("/v1/products/chair");
  const view = productView.parse(JSON.parse(answer.body));
  expect(view).toMatchObject({ ...chair, version: 1, createdAt: "2023-11-14T22:13:20.000Z" });
  const read = await api.get("chair");
  expect([read.body, read.headers?.["etag"]]).toEqual([answer.body, answer.headers?.["etag"]]);
  expect(await api.products.names()).toEqual(["seats"]);
});

test("sent again it is answered as the first time; another under its SKU is refused", async () => {
  const first = await api.create(lamp);

  const again = await api.call(
    { method: "POST", resource: "/v1/products", body: lamp },
    { now: later(noon, seconds(1)) },
  );
  const other = await api.create({ ...lamp, title: "Another lamp" });

  expect([again.statusCode, again.body]).toEqual([201, first.body]);
  expect([other.statusCode, typeOf(other)]).toEqual([409, "conflict"]);
  expect(await api.products.get("lamp")).toMatchObject({ title: "A lamp", version: 1 });
});

const BESIDE_SKUS = ROUTES.flatMap(({ path }) => /^\/v1\/products\/(\w+)$/.exec(path)?.[1] ?? []);

test.each([...new Set(BESIDE_SKUS)])("a SKU that is a route could not be got: %s", async (sku) => {
  const answer = await api.create({ ...lamp, sku });
  const imported = importProducts.safeParse({
    products: [{ sku, currency: "BRL", price: 1, freight: 0 }],
  });

  expect([answer.statusCode, typeOf(answer)]).toEqual([400, "invalid-request"]);
  expect(imported.success).toBe(false);
});

test("a patch changes what it names, takes away what is null and keeps the rest", async () => {
  const created = await api.create(chair);
  const patch = {
    description: null,
    price: { amount: 7 },
    attributes: { legs: null, colour: "blue" },
    images: ["chair/front.jpg"],
  };

  const answer = await api.patch("chair", patch, {
    "if-match": String(created.headers?.["etag"]),
    "content-type": "application/merge-patch+json",
  });

  expect(answer.statusCode).toBe(200);
  const { description: _gone, ...rest } = chair;
  const view = productView.parse(JSON.parse(answer.body));
  expect(view).toMatchObject({
    ...rest,
    price: brl(7),
    attributes: { colour: "blue", stackable: true },
    images: ["chair/front.jpg"],
    version: 2,
  });
  expect([view.description, view.attributes["legs"]]).toEqual([undefined, undefined]);
  expect(answer.headers?.["etag"]).toBe((await api.get("chair")).headers?.["etag"]);
});

test("a patch says what it changes: without it 428, what is no longer there 412", async () => {
  const etag = String((await api.create(lamp)).headers?.["etag"]);
  const patch = { price: brl(1), freight: brl(0) };

  const blind = await api.patch("lamp", patch, {});
  const weak = await api.patch("lamp", patch, { "if-match": `W/${etag}` });
  const first = await api.patch("lamp", patch, { "if-match": `"other", ${etag}` });
  const second = await api.patch("lamp", { price: brl(2) }, { "if-match": etag });

  expect([blind.statusCode, typeOf(blind)]).toEqual([428, "precondition-required"]);
  expect([weak.statusCode, typeOf(weak)]).toEqual([412, "precondition-failed"]);
  expect(first.statusCode).toBe(200);
  expect([second.statusCode, typeOf(second)]).toEqual([412, "precondition-failed"]);
  expect(await api.products.get("lamp")).toMatchObject({ price: 1, version: 2 });
});

test("of two who change the same version the second is told, whatever it read", async () => {
  const etag = String((await api.create(lamp)).headers?.["etag"]);

  const answers = await Promise.all(
    [1, 2, 3, 4].map((amount) => api.patch("lamp", { price: { amount } }, { "if-match": etag })),
  );

  const statuses = answers.map(({ statusCode }) => String(statusCode));
  expect(statuses.toSorted()).toEqual(["200", "412", "412", "412"]);
  expect(await api.products.get("lamp")).toMatchObject({ version: 2 });
});

test("a patch that changes nothing is no new version", async () => {
  const created = await api.create(chair);

  const answer = await api.patch("chair", { title: chair.title, attributes: { size: null } });

  expect([answer.statusCode, answer.body]).toEqual([200, created.body]);
});

test("a withdrawn product is gone for all; withdrawn again it is the same", async () => {
  await api.create(chair);

  const answers = [await api.remove("chair"), await api.remove("chair")];

  expect(answers.map(({ statusCode, body }) => [statusCode, body])).toEqual([
    [204, ""],
    [204, ""],
  ]);
  expect((await api.get("chair")).statusCode).toBe(404);
  expect((await api.patch("chair", { title: "x" })).statusCode).toBe(404);
  expect((await api.list()).body).toBe('{"products":[]}');
  expect(await api.products.get("chair")).toMatchObject({ deleted: true, version: 2 });
  expect((await api.remove("sofa")).statusCode).toBe(404);
});

test("its SKU can be taken up again, and its versions go on", async () => {
  await api.create(chair);
  await api.remove("chair");

  const answer = await api.create({ ...lamp, sku: "chair" });

  expect(answer.statusCode).toBe(201);
  expect(await api.products.get("chair")).toMatchObject({ title: "A lamp", version: 3 });
});

test("who withdraws may say what: what has changed since stays", async () => {
  const etag = String((await api.create(lamp)).headers?.["etag"]);
  await api.patch("lamp", { title: "A better lamp" });

  const answer = await api.remove("lamp", { "if-match": etag });

  expect([answer.statusCode, typeOf(answer)]).toEqual([412, "precondition-failed"]);
  expect((await api.get("lamp")).statusCode).toBe(200);
});

test("only who may write the catalogue changes it", async () => {
  const scopes = { scopes: ["orders:write", "inventory:write"] };
  const requests = [
    { method: "POST", resource: "/v1/products", body: lamp },
    { method: "PATCH", resource: "/v1/products/{sku}", parameters: { sku: "lamp" }, body: {} },
    { method: "DELETE", resource: "/v1/products/{sku}", parameters: { sku: "lamp" } },
  ];

  for (const request of requests) {
    const answer = await api.call(request, scopes);
    expect([answer.statusCode, typeOf(answer)]).toEqual([403, "insufficient-scope"]);
  }
});

const attributes = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`a${index}`, 1]));

const wrong = [
  { change: { sku: "a lamp" }, pointer: "/sku" },
  { change: { title: "" }, pointer: "/title" },
  { change: { title: "  " }, pointer: "/title" },
  { change: { title: "a\u0000b" }, pointer: "/title" },
  { change: { title: "\ud800" }, pointer: "/title" },
  { change: { title: "x".repeat(201) }, pointer: "/title" },
  { change: { description: "x".repeat(10_001) }, pointer: "/description" },
  { change: { category: "x".repeat(65) }, pointer: "/category" },
  { change: { price: brl(-1) }, pointer: "/price/amount" },
  { change: { price: brl(1.5) }, pointer: "/price/amount" },
  { change: { price: 5 }, pointer: "/price" },
  { change: { price: { amount: 1, currency: "brl" } }, pointer: "/price/currency" },
  { change: { freight: { amount: 1, currency: "EUR" } }, pointer: "/freight/currency" },
  { change: { weightGrams: -1 }, pointer: "/weightGrams" },
  { change: { images: ["http://images.example/a.jpg"] }, pointer: "/images/0" },
  { change: { images: ["javascript:alert(1)"] }, pointer: "/images/0" },
  { change: { images: ["../../secret"] }, pointer: "/images/0" },
  { change: { images: Array.from({ length: 21 }, () => "a.jpg") }, pointer: "/images" },
  { change: { attributes }, pointer: "/attributes" },
  { change: { attributes: { "a b": 1 } }, pointer: "/attributes/a b" },
  { change: { attributes: { a: { b: 1 } } }, pointer: "/attributes/a" },
  { change: { attributes: { a: "x".repeat(501) } }, pointer: "/attributes/a" },
  { change: { version: 7 }, pointer: "/version" },
  { change: { deleted: true }, pointer: "/deleted" },
];

test.each(wrong)("a product is not created with $change", async ({ change, pointer }) => {
  const answer = await api.create({ ...lamp, ...change });

  expect([answer.statusCode, typeOf(answer)]).toEqual([400, "invalid-request"]);
  expect(pointersOf(answer)).toContain(pointer);
  expect((await api.list()).body).toBe('{"products":[]}');
});

test.each([
  ...wrong.filter(({ change }) => !("sku" in change)),
  { change: { sku: "other" }, pointer: "/sku" },
  { change: { title: null }, pointer: "/title" },
  { change: { price: null }, pointer: "/price" },
  { change: { price: { currency: "EUR" } }, pointer: "/freight/currency" },
  { change: { attributes: { a: [] } }, pointer: "/attributes/a" },
])("a product is not changed by $change", async ({ change, pointer }) => {
  const created = await api.create(chair);

  const answer = await api.patch("chair", change);

  expect([answer.statusCode, typeOf(answer)]).toEqual([400, "invalid-request"]);
  expect(pointersOf(answer)).toContain(pointer);
  expect((await api.get("chair")).body).toBe(created.body);
});

test("many small patches cannot pass the bounds of the whole", async () => {
  const half = Object.fromEntries(Object.entries(attributes).slice(0, 50));
  await api.create({ ...lamp, attributes: half });

  const answer = await api.patch("lamp", { attributes: { one_more: 1 } });

  expect([answer.statusCode, pointersOf(answer)]).toEqual([400, ["/attributes"]]);
});

test("a patch in another media type is refused", async () => {
  await api.create(lamp);

  const answer = await api.patch("lamp", "[]", {
    "content-type": "application/json-patch+json",
    "if-match": "*",
  });

  expect(answer.statusCode).toBe(415);
});

const pointersOf = (answer: { readonly body: string }): string[] =>
  (JSON.parse(answer.body) as { errors: { pointer: string }[] }).errors.map(
    ({ pointer }) => pointer,
  );
