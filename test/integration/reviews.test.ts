// Reviews in the deployed stacks: stars that everybody sees, purchases that are real ones.
import { beforeAll, expect, inject, test } from "vitest";
import { openShop } from "../support/shop.ts";
import type { Answer } from "../support/shop/api.ts";

const shop = openShop(inject("shop"));

let buyer = "";
let other = "";
let staff = "";

beforeAll(async () => {
  [buyer, other, staff] = await Promise.all([
    shop.token("reviews:write", "orders:write", "orders:read"),
    shop.token("reviews:write"),
    shop.token("reviews:moderate"),
  ]);
});

const typeOf = ({ body }: Answer): string => String(body["type"]).split(":").at(-1) ?? "";

const ratingOf = async (sku: string) => (await shop.productNow(sku)).body["rating"];

test("who bought it is marked, stars are counted once, and what is hidden is not", async () => {
  const sku = await shop.product(1000, 9);
  const path = `/v1/products/${sku}/reviews`;
  const { orderId } = await shop.settledOrder(buyer, sku);
  const write = (token: string, body: unknown) => shop.call("POST", path, { token, body });
  const early = await write(buyer, { rating: 5, text: "Bright.", orderId });
  const occurredAt = "2030-01-01T10:00:00Z";
  await shop.report({ orderId, sequence: 1, type: "delivered", occurredAt });
  await shop.orderOnce(buyer, orderId, ({ status }) => status === "delivered");

  const bought = await write(buyer, { rating: 5, text: "Bright.", orderId });
  const [again, second, foreign, plain] = await Promise.all([
    write(buyer, { rating: 5, text: "Bright.", orderId }),
    write(buyer, { rating: 1 }),
    write(other, { rating: 5, orderId }),
    write(other, { rating: 2 }),
  ]);

  expect([early.status, typeOf(early)]).toEqual([400, "invalid-request"]);
  expect([bought.status, bought.body["verifiedPurchase"]]).toEqual([201, true]);
  expect([again.status, again.text]).toEqual([201, bought.text]);
  expect([second.status, typeOf(second)]).toEqual([409, "conflict"]);
  expect([foreign.status, typeOf(foreign)]).toEqual([400, "invalid-request"]);
  expect([plain.status, plain.body["verifiedPurchase"]]).toEqual([201, false]);
  expect(await ratingOf(sku)).toEqual({ count: 2, average: 3.5 });

  const own = bought.headers.get("location") ?? "";
  const headers = { "if-match": bought.headers.get("etag") ?? "" };
  const patch = (token: string, title: string) =>
    shop.call("PATCH", own, { token, headers, body: { rating: 4, title } });
  const stranger = await patch(other, "Mine");
  // Of two that say the same in one millisecond, both are told that it is so.
  const changes = await Promise.all([patch(buyer, "Warm"), patch(buyer, "Cold")]);
  expect(stranger.status).toBe(404);
  expect(changes.map(({ status }) => String(status)).toSorted()).toEqual(["200", "412"]);
  expect(await ratingOf(sku)).toEqual({ count: 2, average: 3 });

  const hidden = await shop.call("POST", `${plain.headers.get("location")}/moderate`, {
    token: staff,
    body: { decision: "hide", reason: "Not about the product." },
  });
  expect([hidden.status, hidden.body["status"]]).toEqual([200, "hidden"]);
  const list = await shop.call("GET", path);
  expect(list.body["reviews"]).toMatchObject([{ rating: 4, verifiedPurchase: true, version: 2 }]);
  expect(await ratingOf(sku)).toEqual({ count: 1, average: 4 });

  const removed = [
    await shop.call("DELETE", own, { token: buyer }),
    await shop.call("DELETE", own, { token: buyer }),
  ];
  expect(removed.map(({ status }) => status)).toEqual([204, 204]);
  expect(await ratingOf(sku)).toBeUndefined();
});

test("what is wrong with a review changes nothing", async () => {
  const sku = await shop.product(1000, 1);
  const path = `/v1/products/${sku}/reviews`;
  const bad = [{}, { rating: 6 }, { rating: 5, text: "" }, { rating: 5, verifiedPurchase: true }];

  const answers = await Promise.all([
    ...bad.map((body) => shop.call("POST", path, { token: other, body })),
    shop.call("POST", path, { token: staff, body: { rating: 5 } }),
    shop.call("POST", path, { body: { rating: 5 } }),
    shop.call("POST", "/v1/products/nothing-here/reviews", { token: other, body: { rating: 5 } }),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 403, 401, 404]);
  expect((await shop.call("GET", path)).text).toBe('{"reviews":[]}');
  expect(await ratingOf(sku)).toBeUndefined();
});
