// The search index in OpenSearch, against a stand-in: what is asked, what answers mean, and that
// versions decide. What a real engine finds is not shown here.
import { Client } from "@opensearch-project/opensearch";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSearchIndex } from "#adapters/opensearch/search-index";
import type { SearchIndex, SearchRequest, SearchWriter } from "#services/products/search-ports";
import { type OpenSearchServer, startOpenSearchServer } from "../../support/open-search-server.ts";
import { lamp, versionOf } from "../../support/product-samples.ts";

let server: OpenSearchServer;
let client: Client;
let index: SearchIndex & SearchWriter;

beforeEach(async () => {
  server = await startOpenSearchServer();
  client = new Client({ node: server.address, maxRetries: 0 });
  index = openSearchIndex({ client, index: "products" });
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

const request = (changes: Partial<SearchRequest> = {}): SearchRequest => ({
  text: "green lamp",
  filter: { categories: [] },
  offset: 20,
  limit: 10,
  ...changes,
});

const shown = { sku: "lamp-1", title: "Lamp", currency: "BRL", price: 1, freight: 0 };

const answered = {
  took: 3,
  hits: { total: { value: 31, relation: "eq" }, hits: [{ _id: "lamp-1", _source: { shown } }] },
  aggregations: {
    categories: { doc_count: 2, values: { buckets: [{ key: "lighting", doc_count: 2 }] } },
    prices: {
      doc_count: 2,
      currencies: {
        buckets: [
          {
            key: "BRL",
            doc_count: 2,
            bands: {
              buckets: [
                { key: "0.0-2500.0", from: 0, to: 2500, doc_count: 2 },
                { key: "2500.0-*", from: 2500, doc_count: 0 },
                { key: "250000.0-*", from: 250_000, doc_count: 1 },
              ],
            },
          },
        ],
      },
    },
  },
};

const bodyAsked = (): unknown => JSON.parse(server.asked.at(-1)?.body ?? "null");

test("an answer is read as hits and facets; empty bands are left out", async () => {
  server.answer(200, answered);

  expect(await index.search(request())).toEqual({
    total: 31,
    products: [shown],
    facets: {
      categories: [{ category: "lighting", count: 2 }],
      priceBands: [
        { currency: "BRL", from: 0, to: 2_500, count: 2 },
        { currency: "BRL", from: 250_000, count: 1 },
      ],
    },
  });
  expect(server.asked).toMatchObject([{ method: "POST", path: "/products/_search" }]);
});

test("every word is asked for, and each facet leaves its own filter out", async () => {
  server.answer(200, answered);
  const price = { currency: "BRL", max: 5_000 };

  await index.search(request({ filter: { categories: ["lighting"], price, ratingMin: 4 } }));

  const ofPrice = [{ term: { currency: "BRL" } }, { range: { price: { lte: 5_000 } } }];
  const ofCategory = [{ terms: { category: ["lighting"] } }];
  expect(bodyAsked()).toMatchObject({
    from: 20,
    size: 10,
    query: {
      function_score: {
        query: {
          bool: {
            filter: [{ term: { deleted: false } }, { range: { ratingMean: { gte: 4 } } }],
            must: [
              {
                bool: {
                  should: [
                    { term: { sku: "green lamp" } },
                    {
                      bool: {
                        must: [
                          { multi_match: { query: "green", fuzziness: "AUTO:4,8" } },
                          {
                            dis_max: {
                              queries: [
                                { multi_match: { query: "lamp" } },
                                { multi_match: { query: "lamp", type: "phrase_prefix" } },
                              ],
                            },
                          },
                        ],
                      },
                    },
                  ],
                },
              },
            ],
          },
        },
      },
    },
    post_filter: { bool: { filter: [...ofCategory, ...ofPrice] } },
    aggs: {
      categories: { filter: { bool: { filter: ofPrice } } },
      prices: { filter: { bool: { filter: ofCategory } } },
    },
  });
});

test.for(['"}},{"match_all":{}}', "a OR b AND (c)", "*:*", "/.*/", "a ".repeat(100)])(
  "the hostile text %j never becomes a query",
  async (text) => {
    server.answer(200, answered);

    await index.search(request({ text }));

    const body = JSON.stringify(bodyAsked());
    expect(body).not.toContain("query_string");
    expect(body.match(/multi_match/g)?.length ?? 0).toBeLessThanOrEqual(12);
  },
);

test("without a text everything is asked for", async () => {
  server.answer(200, answered);

  await index.search(request({ text: " " }));

  expect(JSON.stringify(bodyAsked())).toContain('"should":[{"match_all":{}}]');
});

test("what is older or comes twice changes nothing, a deletion stays known", async () => {
  expect(await index.apply([{ version: 2, product: lamp }])).toBe(1);
  expect(await index.apply([{ version: 2, product: lamp }])).toBe(0);
  expect(await index.apply([versionOf({ sku: "lamp-1", deleted: true }, 3)])).toBe(1);
  expect(await index.apply([{ version: 1, product: lamp }, versionOf({ sku: "b" })])).toBe(1);

  expect(server.documents.get("lamp-1")).toMatchObject({ deleted: true });
  expect(server.documents.get("b")).toMatchObject({ sku: "b", deleted: false });
});

test("a document has what is looked up, and what is shown as it is", async () => {
  await index.apply([{ version: 1, product: { ...lamp, rating: { count: 2, sum: 9 } } }]);

  expect(server.documents.get("lamp-1")).toMatchObject({
    shown: { sku: "lamp-1", title: "Green desk lamp", image: "https://images.example/lamp.jpg" },
    title: "Green desk lamp",
    text: "lighting material brass dimmable true Warm light for long evenings.",
    words: ["green", "desk", "lamp", "lighting"],
    ratingMean: 4.5,
  });
});

test("many changes go in requests of a bounded size", async () => {
  const many = Array.from({ length: 1_100 }, (_, at) => versionOf({ sku: `sku-${at}` }));

  expect(await index.apply(many)).toBe(1_100);

  const bulks = server.asked.filter(({ path }) => path === "/_bulk");
  expect(bulks.map(({ body }) => body.trim().split("\n").length)).toEqual([1_000, 1_000, 200]);
});

test("texts go on in whole words", async () => {
  server.answer(200, { aggregations: { words: { buckets: [{ key: "lamp", doc_count: 3 }] } } });

  expect(await index.suggest("Green la", 5)).toEqual(["green lamp"]);
  expect(bodyAsked()).toMatchObject({ aggs: { words: { terms: { include: "la.*", size: 5 } } } });
  expect(await index.suggest("l", 5)).toEqual([]);
});

test("products are shown in the order in which they were asked for", async () => {
  const other = { ...shown, sku: "b" };
  server.answer(200, { hits: { hits: [{ _source: { shown } }, { _source: { shown: other } }] } });

  expect(await index.show(["b", "gone", "lamp-1"])).toEqual([other, shown]);
  expect(await index.show([])).toEqual([]);
});

test.for([
  [503, { error: "busy" }],
  [200, { hits: {} }],
  [200, "not json at all"],
] as const)("the answer %i %j is an error that may pass", async ([status, body]) => {
  server.answer(status, body);

  await expect(index.search(request())).rejects.toMatchObject({
    code: "store-unavailable",
    action: "retry",
  });
});

test("a change that is refused is an error that may pass", async () => {
  server.failBulk(429);

  await expect(index.apply([versionOf({ sku: "a" })])).rejects.toMatchObject({
    code: "store-unavailable",
  });
  expect(await index.apply([versionOf({ sku: "a" })])).toBe(1);
});

test("a server that is not there is an error that may pass", async () => {
  await server.stop();

  await expect(index.search(request())).rejects.toMatchObject({ code: "store-unavailable" });
});
