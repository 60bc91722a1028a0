// Search over the deployed system: what changes in the catalogue's messages is found, what is
// withdrawn is not, and no text makes it fail.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { PRODUCT_EVENT_SOURCE, type ProductChanged } from "#contracts/events/product-events";
import { type SearchAnswer, searchAnswer } from "#contracts/http/search";
import { eventually } from "../support/eventually.ts";
import { versionOf } from "../support/product-samples.ts";
import { runNode } from "../support/run-command.ts";
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));
const client = new SQSClient(shop.connection);
const changes = sqsFifoSender({ client, queueUrl: shop.outputs.ProductSearchQueueUrl });

/** A word and a category that no other test has. */
const run = randomUUID()
  .replaceAll(/[^a-z]/g, "")
  .slice(0, 8)
  .padEnd(8, "x");
const category = `seats-${run}`;
const sku = (name: string): string => `${name}-${run}`;

const say = (version: number, product: Partial<ProductChanged> & { readonly sku: string }) => {
  const data = versionOf({ category, ...product }).product;
  const stream = product.sku;
  const id = `${stream}#${version}`;
  const envelope = {
    specversion: "1.0" as const,
    id,
    source: PRODUCT_EVENT_SOURCE,
    type: "product.changed",
    partitionkey: stream,
    sequence: version,
    data: { ...data, title: `${data.title} ${run}` },
  };
  return { envelope, group: stream, deduplicationId: id };
};

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
  await changes.send([
    say(1, { sku: sku("chair"), title: "Oak chair", price: 4_000 }),
    say(1, { sku: sku("stool"), title: "Oak stool", price: 2_000 }),
    say(1, { sku: sku("bench"), title: "Garden bench", price: 12_000 }),
  ]);
  await found({ q: run }, [sku("chair"), sku("stool"), sku("bench")]);
});

afterAll(() => client.destroy());

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
  await changes.send([
    say(2, { sku: sku("chair"), title: "Walnut armchair" }),
    say(2, { sku: sku("stool"), deleted: true }),
  ]);

  await found({ q: `walnut ${run}` }, [sku("chair")]);
  await found({ q: run }, [sku("chair"), sku("bench")]);
  expect((await search({ q: `oak ${run}` })).total).toBe(0);
});

test("a message that is no product halts its own stream only", async () => {
  const bad = say(1, { sku: sku("bad") });
  const envelope = { ...bad.envelope, data: { sku: sku("bad") } };
  await changes.send([{ ...bad, envelope }, say(1, { sku: sku("good"), title: "Good" })]);

  expect(await found({ q: `good ${run}` }, [sku("good")])).toMatchObject({ total: 1 });
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

test("an index made anew shows what the table has, and nothing else", async () => {
  const listed = await shop.product(1000, 1);
  const { environment } = shop;

  const ended = await runNode(["bin/rebuild.ts", "--projection", "search"], {
    cwd: join(import.meta.dirname, "..", ".."),
    limitMs: 60_000,
    environment: { ...process.env, ...environment } as Record<string, string>,
  });

  expect({ code: ended.exitCode, output: ended.output }).toMatchObject({ code: 0 });
  expect(ended.stdout).toMatch(/^The search index was made anew and shows \d+ products/);
  await found({ q: listed }, [listed]);
  await found({ q: run }, []);
});
