// A consumer that dies after its commit and before the queue hears of it: the queue delivers again,
// nothing happens twice.
import { beforeAll, expect, inject, test } from "vitest";
import type { FulfilmentBody } from "#contracts/http/webhooks";
import type { OrderTimeline } from "#contracts/http/orders";
import { METRICS, SERVICES } from "#contracts/metrics";
import { stageUrl } from "../../bin/operator/api-url.ts";
import { deploy } from "../../bin/operator/deploy.ts";
import { eventually } from "../support/eventually.ts";
import { openShop, type Shop } from "../support/shop.ts";

const { environment } = inject("shop");

let shop: Shop;

beforeAll(async () => {
  const outputs = await deploy({
    stage: "local",
    qualifier: "faults",
    entries: { "orders/consume": "test/support/functions/consume-killed-after-commit.ts" },
    environment,
  });
  const api = stageUrl(outputs.ApiId, outputs.ApiStage, environment);
  shop = openShop({ api, environment, outputs });
});

test("what a killed consumer had committed is delivered again and applied once", async () => {
  const token = await shop.token("orders:write", "orders:read");
  const { orderId } = await shop.settledOrder(token, await shop.product(1000, 9));
  const step = (sequence: number, type: "approved" | "delivered"): FulfilmentBody => ({
    orderId,
    sequence,
    type,
    occurredAt: `2030-01-0${sequence}T10:00:00Z`,
  });
  const dropped = () => shop.metricSum(METRICS.duplicatesDropped, SERVICES.fulfilment);
  const droppedBefore = await dropped();

  await shop.report(step(1, "approved"));
  await eventually(() => wasKilled(orderId), { withinMs: 60_000 });
  await shop.report(step(2, "delivered"));
  const order = await shop.orderOnce(token, orderId, ({ status }) => status === "delivered");
  await eventually(async () => (await dropped()) > droppedBefore, { withinMs: 60_000 });

  expect(order.fulfilment).toMatchObject({ status: "running", lastSequence: 2, parked: 0 });
  const timeline = await shop.call("GET", `/v1/orders/${orderId}/events`, { token });
  const { events } = timeline.body as OrderTimeline;
  expect(events.map(({ sequence, data }) => [sequence, data["report"]])).toEqual([
    [1, undefined],
    [2, undefined],
    [3, "approved"],
    [4, "delivered"],
  ]);
});

async function wasKilled(orderId: string): Promise<boolean> {
  const items = await shop.items(shop.outputs.OrdersTable);
  return items.some(({ pk, sk }) => pk === orderId && sk === "fault#killed-after-commit");
}
