// A critical violation reaches whoever listens on the bus, and the metrics of its stage.
import { expect, inject, test } from "vitest";
import { VIOLATION_FILED, violationFiled } from "#contracts/events/violation-events";
import type { FulfilmentBody } from "#contracts/http/webhooks";
import { METRICS, SERVICES } from "#contracts/metrics";
import { listenTo } from "../support/bus-listener.ts";
import { eventually } from "../support/eventually.ts";
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));

const PATIENCE = { withinMs: 60_000, everyMs: 250 };

const invoiced = (orderId: string, sequence: number): FulfilmentBody => ({
  orderId,
  sequence,
  type: "final-status",
  status: "invoiced",
});

test("a critical violation is published with what to do, and counted under its stage", async () => {
  const token = await shop.token("orders:write", "orders:read");
  const { orderId } = await shop.settledOrder(token, await shop.product(1000, 9));
  const heard = await listenTo(shop, VIOLATION_FILED);
  const before = await shop.metricSum(METRICS.violationsConflict, SERVICES.fulfilment);

  await shop.report(invoiced(orderId, 1));
  await shop.orderOnce(token, orderId, ({ fulfilment }) => fulfilment.lastSequence === 1);
  await shop.report(invoiced(orderId, 1));

  const event = await eventually(
    async () => (await heard()).find(({ partitionkey }) => partitionkey === orderId),
    PATIENCE,
  );
  expect(event).toMatchObject({ type: VIOLATION_FILED, partitionkey: orderId });
  expect(violationFiled.parse(event["data"])).toMatchObject({
    consumer: "fulfilment",
    kind: "sequence-conflict",
    severity: "critical",
    sequence: 1,
  });
  await eventually(
    async () => (await shop.metricSum(METRICS.violationsConflict, SERVICES.fulfilment)) > before,
    PATIENCE,
  );
});
