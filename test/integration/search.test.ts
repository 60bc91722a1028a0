// Search over the deployed system: what changes in the catalogue is found, what is
// withdrawn is not, and no text makes it fail.
import { randomUUID } from "node:crypto";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeAll, expect, inject, test } from "vitest";
import { type SearchAnswer, searchAnswer } from "#contracts/http/search";
import { SEARCH_SNAPSHOT_KEY } from "#contracts/search-snapshot";
import { eventually } from "../support/eventually.ts";
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));

/** Letters alone, which are one word of a title. */
const newWord = (): string =>
  randomUUID()
    .replaceAll(/[^a-z]/g, "")
    .slice(0, 8)
    .padEnd(8, "x");

/** A word and a category that no other test has. */
const run = newWord();
const category = `seats-${run}`;
const sku = (name: string): string => `${name}-${run}`;

const load = (...products: readonly { sku: string; title: string; price?: number }[]) =>
  shop.invoke(shop.outputs.ImportProductsFunction, {
    products: products.map(({ title, price = 5_000, ...product }) => ({
      ...product,
      title: `${title} ${run}`,
      price,
      category,
      currency: "BRL",
      freight: 100,
    })),
  });

const search = async (query: Record<string, string>): Promise<SearchAnswer> => {
  const answer = await shop.call(
    "GET",
    `/v1/products/search?${String(new URLSearchParams(query))}`,
  );
  return searchAnswer.parse(answer.body);
};

const skusOf = ({ products }: SearchAnswer) =>
  products.map((product) => product.sku ?? "").toSorted((a, b) => (a < b ? -1 : 1));

const found = (query: Record<string, string>, expected: readonly string[]) =>
  eventually(
    async () => {
      const answer = await search(query);
      expect(skusOf(answer)).toEqual([...expected].toSorted((a, b) => (a < b ? -1 : 1)));
      return answer;
    },
    { withinMs: 60_000, everyMs: 200 },
  );

beforeAll(async () => {
  await load(
    { sku: sku("chair"), title: "Oak chair", price: 4_000 },
    { sku: sku("stool"), title: "Oak stool", price: 2_000 },
    { sku: sku("bench"), title: "Garden bench", price: 12_000 },
  );
  await found({ q: run }, [sku("chair"), sku("stool"), sku("bench")]);
});

test("typing errors, unfinished words, facets and filters work over HTTP", async () => {
  const [mistyped, unfinished, seats, cheap] = await Promise.all([
    search({ q: `chiar ${run}` }),
    search({ q: `${run} gard` }),
    search({ q: run, category }),
    search({ q: run, currency: "BRL", maxPrice: "4000", fields: "sku" }),
  ]);

  expect(skusOf(mistyped)).toEqual([sku("chair")]);
  expect(skusOf(unfinished)).toEqual([sku("bench")]);
  expect(seats.facets).toEqual({
    categories: [{ category, count: 3 }],
    priceBands: [
      { currency: "BRL", from: 0, to: 2_500, count: 1 },
      { currency: "BRL", from: 2_500, to: 5_000, count: 1 },
      { currency: "BRL", from: 10_000, to: 20_000, count: 1 },
    ],
  });
  expect(cheap.products).toEqual([{ sku: sku("chair") }, { sku: sku("stool") }]);
});

test("a change is found, and what was before it is not; what is withdrawn is gone", async () => {
  const token = await shop.token("products:write");
  await Promise.all([
    load({ sku: sku("chair"), title: "Walnut armchair" }),
    shop.call("DELETE", `/v1/products/${sku("stool")}`, { token, headers: { "if-match": "*" } }),
  ]);

  await found({ q: `walnut ${run}` }, [sku("chair")]);
  await found({ q: run }, [sku("chair"), sku("bench")]);
  expect((await search({ q: `oak ${run}` })).total).toBe(0);
});

test("who has the answer is told so", async () => {
  const path = `/v1/products/search?q=${run}&fields=sku`;
  const first = await shop.call("GET", path);
  const etag = first.headers.get("etag") ?? "";

  const again = await shop.call("GET", path, { headers: { "if-none-match": etag } });

  expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
  expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: "" });
});

test("a text goes on in words of the catalogue", async () => {
  const { body } = await shop.call("GET", `/v1/products/suggest?q=${run.slice(0, 6)}`);

  expect(body).toEqual({ suggestions: [run] });
});

test.each([
  ["GET", "/v1/products/search?limit=0", undefined, "/query/limit"],
  ["GET", "/v1/products/search?sort=price", undefined, "/query/sort"],
  ["GET", `/v1/products/search?q=${"x".repeat(201)}`, undefined, "/query/q"],
  ["GET", "/v1/products/search?cursor=garbage", undefined, "/query/cursor"],
  ["GET", "/v1/products/search?minPrice=1", undefined, "/query/currency"],
  ["GET", "/v1/products/suggest", undefined, "/query/q"],
  ["POST", "/v1/products/search", { q: 1 }, "/q"],
  ["POST", "/v1/products/search", { q: "", filter: {} }, "/filter"],
])("%s %s is refused with a pointer", async (method, path, body, pointer) => {
  const answer = await shop.call(method, path, body === undefined ? {} : { body });

  expect(answer.status).toBe(400);
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(answer.body).toMatchObject({ type: "urn:inorder:problem:invalid-request" });
  expect(answer.body["errors"]).toEqual(
    expect.arrayContaining([expect.objectContaining({ pointer })]),
  );
});

test.each(["\u0000", "__proto__ constructor", "' OR 1=1 --", "a ".repeat(100), "🙂%F0"])(
  "the hostile text %j is answered",
  async (text) => {
    expect((await search({ q: text })).products.length).toBeLessThanOrEqual(20);
  },
);

test("an index that was destroyed is made anew from the table, and goes on", async () => {
  const client = new S3Client({ ...shop.connection, forcePathStyle: true });
  const place = { Bucket: shop.outputs.CatalogueBucket, Key: SEARCH_SNAPSHOT_KEY };
  await client.send(new PutObjectCommand({ ...place, Body: "no snapshot" }));
  client.destroy();
  // What other tests load and withdraw is told of while this one waits.
  const word = newWord();
  await load({ sku: sku("sofa"), title: `Sofa ${word}` });

  const told = await shop.rebuilt("search");

  expect(told).toMatch(/^The search index was made anew and shows \d+ products/);
  await found({ q: word }, [sku("sofa")]);
  await load({ sku: sku("lamp"), title: `Lamp ${word}` });
  await found({ q: `lamp ${word}` }, [sku("lamp")]);
});
