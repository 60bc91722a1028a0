// What real orders bought together is recommended, each order counted once.
import { randomUUID } from "node:crypto";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import { recommendedProducts } from "#contracts/http/search";
import { eventually } from "../support/eventually.ts";
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));
const client = new SQSClient(shop.connection);
let token = "";

beforeAll(async () => {
  token = await shop.token("orders:write", "orders:read");
});

afterAll(() => client.destroy());

const recommended = async (sku: string) => {
  const { body } = await shop.call("GET", `/v1/products/${sku}/recommendations`);
  return recommendedProducts
    .parse(body)
    .products.map((product) => [product.sku, product.boughtTogether]);
};

const becomes = (sku: string, expected: readonly (readonly [string, number])[]) =>
  eventually(
    async () => {
      expect(await recommended(sku)).toEqual(expected);
      return true;
    },
    { withinMs: 60_000, everyMs: 200 },
  );

test("what was bought together is recommended; a repeated event counts no more", async () => {
  const [lamp, bulb, desk] = await Promise.all([
    shop.product(1000, 9),
    shop.product(1100, 9),
    shop.product(1200, 9),
  ]);
  await shop.rebuilt("search");
  const [first] = await Promise.all([
    shop.buy(token, lamp, bulb),
    shop.buy(token, lamp, bulb, desk),
    shop.buy(token, desk),
  ]);
  await becomes(lamp, [
    [bulb, 2],
    [desk, 1],
  ]);

  const again = (type: string, sequence: number) => ({
    envelope: {
      specversion: "1.0" as const,
      id: `${first}#${sequence}`,
      source: ORDER_EVENT_SOURCE,
      type,
      partitionkey: String(first),
      sequence,
      data: { paymentId: "p" },
    },
    group: String(first),
    deduplicationId: randomUUID(),
  });
  const queueUrl = shop.outputs.RecommendationsQueueUrl;
  await sqsFifoSender({ client, queueUrl }).send([again("order.confirmed", 2)]);
  await shop.buy(token, lamp, desk);

  await becomes(desk, [
    [lamp, 2],
    [bulb, 1],
  ]);
  expect(await recommended(lamp)).toContainEqual([bulb, 2]);
});

test.each([
  ["/v1/products/nobody-bought-this/recommendations", 200],
  ["/v1/products/nobody-bought-this/recommendations?limit=0", 400],
  ["/v1/products/nobody-bought-this/recommendations?sort=x", 400],
  [`/v1/products/${"x".repeat(65)}/recommendations`, 404],
])("GET %s is answered %i", async (path, status) => {
  expect((await shop.call("GET", path)).status).toBe(status);
});
