// What of the catalogue is shown from copies, for how long, and at what cost in reads; and that a
// copy, however old, neither sells nor decides a change.
import { beforeEach, expect, test } from "vitest";
import { METRICS } from "#contracts/metrics";
import { later, milliseconds } from "#kernel/units";
import { productOfTest } from "../../support/products.ts";
import { FRESH_MS, noon, productsApi, type ProductsApi } from "../../support/products-api.ts";

let api: ProductsApi;

beforeEach(async () => {
  api = productsApi();
  await api.products.write([lamp]);
});

const lamp = productOfTest("lamp");
const dearer = { ...lamp, version: 2, price: 2990 };
const ANEW = { "Cache-Control": "no-cache" };

/** The price that is shown, and from where. */
async function seen(headers?: Record<string, string>): Promise<readonly [number, unknown]> {
  const { body, headers: told } = await api.get("lamp", headers);
  const { price } = JSON.parse(body) as { readonly price: { readonly amount: number } };
  return [price.amount, told?.["cache-status"]];
}

test("a product is one read, then none until its copy ends", async () => {
  const first = await seen();
  await api.products.write([dearer]);
  api.clock.now = later(noon, milliseconds(FRESH_MS - 1));
  const last = await seen();
  api.clock.now = later(noon, FRESH_MS);
  const after = await seen();

  expect([first, last, after]).toEqual([
    [1990, "module; fwd=uri-miss"],
    [1990, "module; hit; ttl=0"],
    [2990, "module; fwd=stale"],
  ]);
  expect(api.reads).toEqual(["lamp", "lamp"]);
  expect(api.counts.get(METRICS.cacheModuleHits)).toBe(1);
});

test("whole or 304, from a copy or not: one product has one entity tag", async () => {
  const answers = [await api.get("lamp"), await api.get("lamp"), await api.get("lamp", ANEW)];
  const etag = String(answers[0]?.headers?.["etag"]);
  const known = await api.get("lamp", { "If-None-Match": etag });

  expect(new Set(answers.map(({ headers }) => headers?.["etag"])).size).toBe(1);
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  expect(known).toMatchObject({
    statusCode: 304,
    body: "",
    headers: { etag, "cache-control": "public, no-cache", "cache-status": "module; hit; ttl=5" },
  });
});

test.each(["no-cache", "max-age=0", "max-age=100, No-Cache"])(
  "a request with Cache-Control: %s reads the table, and others see what it saw",
  async (asked) => {
    await seen();
    await api.products.write([dearer]);

    const anew = await seen({ "Cache-Control": asked });
    const others = await seen();

    expect([anew, others[0]]).toEqual([[2990, "module; fwd=request"], 2990]);
    expect(api.reads).toEqual(["lamp", "lamp"]);
  },
);

test.each(["max-age=60", "only-if-cached", "x-no-cache", "no-cached"])(
  "Cache-Control: %s is content with a copy",
  async (asked) => {
    await seen();
    await seen({ "Cache-Control": asked });

    expect(api.reads).toEqual(["lamp"]);
  },
);

test("who changes a product sees his change, and so do others who ask where he asked", async () => {
  await seen();

  const changed = await api.patch("lamp", { price: { amount: 7 } });
  const shown = await api.get("lamp");
  await api.remove("lamp");
  const gone = await api.get("lamp");
  await api.create({ ...JSON.parse(changed.body), ...NOT_WRITTEN });
  const again = await api.get("lamp");

  expect(shown.body).toBe(changed.body);
  expect([gone.statusCode, again.statusCode]).toEqual([404, 200]);
  expect(api.reads).toEqual(["lamp"]);
});

test("a change is decided by the table: the tag of an old copy changes nothing", async () => {
  const old = String((await api.get("lamp")).headers?.["etag"]);
  await api.products.write([dearer]);

  const refused = await api.patch("lamp", { title: "Mine" }, { "if-match": old });
  const now = String((await api.get("lamp", ANEW)).headers?.["etag"]);
  const changed = await api.patch("lamp", { title: "Mine" }, { "if-match": now });

  expect([refused.statusCode, changed.statusCode]).toEqual([412, 200]);
});

test("what has been withdrawn is remembered as such, what never was is looked for", async () => {
  await api.remove("lamp");

  const answers = [await api.get("lamp"), await api.get("never"), await api.get("never")];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404]);
  expect(api.reads).toEqual(["never", "never"]);
});

test("the categories are one read for many, and known anew by who asks for it", async () => {
  await api.products.add(["seats"]);
  const names = async (headers?: Record<string, string>): Promise<number> =>
    (JSON.parse((await api.categories(headers)).body) as { categories: unknown[] }).categories
      .length;

  const first = await names();
  await api.products.add(["light"]);

  expect([first, await names(), await names(ANEW), await names()]).toEqual([1, 1, 2, 2]);
  expect(api.reads).toEqual(["categories", "categories"]);
});

const NOT_WRITTEN = { version: undefined, createdAt: undefined, updatedAt: undefined };
