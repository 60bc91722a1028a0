// Copies of products in the deployed stacks: how they are told of and counted, and that an old one
// sells nothing.
import { randomUUID } from "node:crypto";
import { expect, inject, test } from "vitest";
import { METRICS, SERVICES } from "#contracts/metrics";
import { eventually } from "../support/eventually.ts";
import { openShop } from "../support/shop.ts";
import type { Answer } from "../support/shop/api.ts";

const shop = openShop(inject("shop"));

const counted = async () => ({
  hits: await shop.metricSum(METRICS.cacheModuleHits, SERVICES.products),
  reads: await shop.metricSum(METRICS.cacheReads, SERVICES.products),
  bypassed: await shop.metricSum(METRICS.cacheBypassed, SERVICES.products),
});

const isCopy = ({ headers }: Answer): boolean =>
  headers.get("cache-status")?.includes("hit") ?? false;

const amountOf = ({ body }: Answer): unknown =>
  (body["price"] as { readonly amount: number }).amount;

test("a price that a copy still shows is not what is paid, nor is it agreed to", async () => {
  const [token, sku, before] = await Promise.all([
    shop.token("orders:write", "orders:read"),
    shop.product(1000, 9),
    counted(),
  ]);
  const seen: Answer[] = [];
  const see = async (): Promise<Answer> => {
    const answer = await shop.call("GET", `/v1/products/${sku}`);
    seen.push(answer);
    return answer;
  };
  const place = (more: object = {}) =>
    shop.call("POST", "/v1/orders", {
      token,
      headers: { "idempotency-key": randomUUID() },
      body: { lines: [{ sku, quantity: 1 }], ...more },
    });

  // Whatever could remember a price has seen this one.
  await place();
  await eventually(async () => expect(isCopy(await see())).toBe(true));
  await shop.invoke(shop.outputs.ImportProductsFunction, {
    products: [{ sku, currency: "BRL", price: 1100, freight: 0 }],
  });
  const shown = await see();
  const refused = await place({ expectedPrices: [{ sku, unitPrice: 1000 }] });
  const placed = await place();
  const now = await shop.productNow(sku);

  // Whoever is shown a copy here is shown what was before.
  expect(amountOf(shown)).toBe(isCopy(shown) ? 1000 : 1100);
  expect(refused.body).toMatchObject({
    type: "urn:inorder:problem:price-changed",
    errors: [{ pointer: "/expectedPrices/0/unitPrice", expected: 1000, actual: 1100 }],
  });
  const order = await shop.order(token, String(placed.body["orderId"]));
  expect([order.total.amount, amountOf(now)]).toEqual([1100, 1100]);
  expect(now.headers.get("cache-status")).toBe("module; fwd=request");
  const hits = seen.filter(isCopy).length;
  await eventually(
    async () =>
      expect(await counted()).toEqual({
        hits: before.hits + hits,
        reads: before.reads + seen.length - hits + 1,
        bypassed: before.bypassed + 1,
      }),
    { withinMs: 60_000 },
  );
});
