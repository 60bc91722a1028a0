// The catalogue in the deployed stacks: who keeps it, who sees what, and that what is withdrawn is
// not sold.
import { randomUUID } from "node:crypto";
import { beforeAll, expect, inject, test } from "vitest";
import { openShop } from "../support/shop.ts";
import type { Answer } from "../support/shop/api.ts";

const shop = openShop(inject("shop"));

let token = "";

beforeAll(async () => {
  token = await shop.token("products:write", "orders:write");
});

const brl = (amount: number) => ({ amount, currency: "BRL" });

const someProduct = () => ({
  sku: `made-${randomUUID()}`,
  title: "A lamp",
  category: `lights-${randomUUID()}`,
  price: brl(1990),
  freight: brl(500),
  images: ["https://images.example/lamp.jpg"],
  attributes: { colour: "red" },
});

const create = (body: unknown) => shop.call("POST", "/v1/products", { token, body });

const patch = (sku: string, body: unknown, headers: Record<string, string>) =>
  shop.call("PATCH", `/v1/products/${sku}`, {
    token,
    body,
    headers: { "content-type": "application/merge-patch+json", ...headers },
  });

const ANEW = { "cache-control": "no-cache" };

const etagOf = (answer: Answer): string => answer.headers.get("etag") ?? "";
const typeOf = ({ body }: Answer): string => String(body["type"]).split(":").at(-1) ?? "";
const skusOf = ({ body }: Answer): unknown[] =>
  (body["products"] as { readonly sku: string }[]).map(({ sku }) => sku);

test("a product is created, read, kept by its ETag, changed and shown anew", async () => {
  const product = someProduct();

  const created = await create(product);
  const path = created.headers.get("location") ?? "";
  const read = await shop.call("GET", path);
  const known = await shop.call("GET", path, { headers: { "if-none-match": etagOf(created) } });
  const blind = await patch(product.sku, { title: "Mine" }, {});
  const changed = await patch(
    product.sku,
    { title: "A warm lamp", attributes: { colour: null } },
    { "if-match": etagOf(read) },
  );
  const late = await patch(product.sku, { title: "A cold lamp" }, { "if-match": etagOf(read) });

  expect([created.status, read.status, read.text]).toEqual([201, 200, created.text]);
  expect([known.status, known.text]).toEqual([304, ""]);
  expect([blind.status, typeOf(blind)]).toEqual([428, "precondition-required"]);
  expect([late.status, typeOf(late)]).toEqual([412, "precondition-failed"]);
  expect(changed.status).toBe(200);
  expect((await shop.productNow(product.sku)).body).toMatchObject({
    title: "A warm lamp",
    attributes: {},
    version: 2,
  });
});

test("of many who change one version at once one wins, the others are told", async () => {
  const product = someProduct();
  const headers = { "if-match": etagOf(await create(product)) };

  const answers = await Promise.all(
    Array.from({ length: 4 }, (_, index) => patch(product.sku, { price: brl(index) }, headers)),
  );

  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 412)).toHaveLength(3);
  const now = await shop.productNow(product.sku);
  expect([now.text, now.body["version"]]).toEqual([won[0]?.text, 2]);
});

test("lists show a category in the order asked for, page by page", async () => {
  const { category, ...rest } = someProduct();
  const skus = [3, 1, 2].map((price) => ({ price, sku: `made-${randomUUID()}` }));
  await Promise.all(
    skus.map(({ sku, price }) => create({ ...rest, sku, category, price: brl(price) })),
  );
  const byPrice = skus.toSorted((a, b) => a.price - b.price).map(({ sku }) => sku);
  const query = `category=${category}&sort=price&currency=BRL&limit=2&fields=price`;

  const first = await shop.call("GET", `/v1/products?${query}`);
  const next = /^<(\?.*)>; rel="next"$/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
  const second = await shop.call("GET", `/v1/products${next}`);
  const foreign = await shop.call(
    "GET",
    `/v1/products?sort=-price&currency=BRL&cursor=${String(first.body["next"])}`,
  );
  const categories = await shop.call("GET", "/v1/categories", { headers: ANEW });

  expect([...skusOf(first), ...skusOf(second)]).toEqual(byPrice);
  expect([second.headers.get("link"), second.body["next"]]).toEqual([null, undefined]);
  expect(first.body["products"]).toContainEqual({ sku: byPrice[0], price: brl(1) });
  expect([foreign.status, typeOf(foreign)]).toEqual([400, "invalid-request"]);
  expect(categories.body["categories"]).toContainEqual({ category });
});

test("a withdrawn product is seen by nobody and ordered by nobody", async () => {
  const product = someProduct();
  const path = `/v1/products/${product.sku}`;
  await create(product);
  const order = () =>
    shop.call("POST", "/v1/orders", {
      token,
      headers: { "idempotency-key": randomUUID() },
      body: { lines: [{ sku: product.sku, quantity: 1 }] },
    });
  expect((await order()).status).toBe(202);

  const removed = [
    await shop.call("DELETE", path, { token }),
    await shop.call("DELETE", path, { token }),
  ];
  const refused = await order();

  expect(removed.map(({ status }) => status)).toEqual([204, 204]);
  expect((await shop.productNow(product.sku)).status).toBe(404);
  expect([refused.status, typeOf(refused)]).toEqual([422, "unknown-sku"]);
  const list = await shop.call("GET", `/v1/products?category=${product.category}`);
  expect(list.body).toEqual({ products: [] });
});

test("who imports keeps what others have said, and changes nothing the second time", async () => {
  const product = someProduct();
  await create(product);
  const given = { sku: product.sku, currency: "BRL", price: 7, freight: 1 };
  const load = () => shop.invoke(shop.outputs.ImportProductsFunction, { products: [given] });

  const written = [await load(), await load()];

  expect(written).toEqual([{ written: 1 }, { written: 0 }]);
  const { body } = await shop.productNow(product.sku);
  expect(body).toMatchObject({ ...product, price: brl(7), freight: brl(1), version: 2 });
});

test("without the scope nothing is changed", async () => {
  const reader = await shop.token("orders:write");
  const product = someProduct();
  await create(product);
  const path = `/v1/products/${product.sku}`;

  const answers = await Promise.all([
    shop.call("POST", "/v1/products", { token: reader, body: someProduct() }),
    shop.call("PATCH", path, { token: reader, body: {}, headers: { "if-match": "*" } }),
    shop.call("DELETE", path, { token: reader }),
    shop.call("DELETE", path),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 401]);
  expect((await shop.productNow(product.sku)).body["version"]).toBe(1);
});
