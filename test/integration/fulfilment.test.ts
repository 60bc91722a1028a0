// What the outside world reports, as it really comes: shuffled, repeated, poisoned.
import { randomUUID } from "node:crypto";
import { inject, expect, test } from "vitest";
import type { FulfilmentBody } from "#contracts/http/webhooks";
import type { OrderTimeline } from "#contracts/http/orders";
import { eventually } from "../support/eventually.ts";
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));

const confirmed = async (access: string) => shop.settledOrder(access, await shop.product(1000, 9));

const step = (
  orderId: string,
  sequence: number,
  type: "approved" | "handed-to-carrier" | "delivered",
  occurredAt: string,
): FulfilmentBody => ({ orderId, sequence, type, occurredAt });

const reports = async (access: string, orderId: string) => {
  const answer = await shop.call("GET", `/v1/orders/${orderId}/events`, { token: access });
  const { events } = answer.body as OrderTimeline;
  return events.filter(({ type }) => type === "order.fulfilment-reported").map(({ data }) => data);
};

test("reports that come last first and twice are applied once, in the sender's order", async () => {
  const access = await shop.token("orders:write", "orders:read");
  const { orderId } = await confirmed(access);
  const twice = async (report: FulfilmentBody) => {
    const id = await shop.report(report);
    await shop.report(report, id);
  };

  await twice(step(orderId, 3, "delivered", "2018-01-04T10:00:00Z"));
  await twice(step(orderId, 2, "handed-to-carrier", "2018-01-03T10:00:00Z"));
  // In one batch with the first they would not have to wait parked.
  await shop.orderOnce(access, orderId, ({ fulfilment }) => fulfilment.parked === 2);
  await twice(step(orderId, 1, "approved", "2018-01-02T10:00:00Z"));
  const order = await shop.orderOnce(access, orderId, ({ status }) => status === "delivered");

  expect(order).toMatchObject({
    approvedAt: "2018-01-02T10:00:00.000Z",
    handedToCarrierAt: "2018-01-03T10:00:00.000Z",
    deliveredAt: "2018-01-04T10:00:00.000Z",
    fulfilment: { status: "running", lastSequence: 3, parked: 0 },
  });
  expect(await reports(access, orderId)).toMatchObject([
    { report: "approved", webhookSequence: 1, held: false },
    { report: "handed-to-carrier", webhookSequence: 2, held: true },
    { report: "delivered", webhookSequence: 3, held: true },
  ]);
});

test("what has left is sold: reserved and on hand fall once, however often it's said", async () => {
  const access = await shop.token("orders:write", "orders:read", "inventory:read");
  const sku = await shop.product(1000, 9);
  const stockOf = async () =>
    (await shop.call("GET", `/v1/inventory/${sku}`, { token: access })).body;
  const [often, once] = await Promise.all([
    shop.settledOrder(access, sku, 2),
    shop.settledOrder(access, sku, 1),
  ]);
  expect(await stockOf()).toMatchObject({ onHand: 9, reserved: 3, available: 6, sold: 0 });
  const left = ({ orderId }: { readonly orderId: string }) =>
    step(orderId, 1, "handed-to-carrier", "2018-01-03T10:00:00Z");

  const id = await shop.report(left(often));
  await shop.report(left(often), id);
  await shop.report(step(often.orderId, 2, "delivered", "2018-01-04T10:00:00Z"));
  await shop.orderOnce(access, often.orderId, ({ status }) => status === "delivered");
  await shop.report(left(once));

  const patience = { withinMs: 60_000, everyMs: 100 };
  await eventually(async () => (await stockOf())["sold"] === 3, patience);
  expect(await stockOf()).toMatchObject({ onHand: 6, reserved: 0, available: 6, sold: 3 });
});

test("a step stamped before an earlier one is applied, and filed as an anomaly", async () => {
  const access = await shop.token("orders:write", "orders:read");
  const { orderId } = await confirmed(access);

  await shop.report(step(orderId, 1, "approved", "2030-01-02T10:00:00Z"));
  await shop.report(step(orderId, 2, "handed-to-carrier", "2030-01-01T10:00:00Z"));
  await shop.report({ orderId, sequence: 3, type: "final-status", status: "canceled" });
  const order = await shop.orderOnce(access, orderId, ({ status }) => status === "canceled");

  expect(order.fulfilment.violations).toMatchObject([{ kind: "timestamp-anomaly", sequence: 2 }]);
  expect(order.handedToCarrierAt).toBe("2030-01-01T10:00:00.000Z");
});

test("a poison report halts its order's stream with its cause; other orders go on", async () => {
  const access = await shop.token("orders:write", "orders:read");
  const [ill, well] = await Promise.all([confirmed(access), confirmed(access)]);

  await shop.report(step(ill.orderId, 1, "approved", "2030-01-01T10:00:00Z"));
  await shop.report(step(ill.orderId, 2, "approved", "2030-01-02T10:00:00Z"));
  await shop.report(step(ill.orderId, 3, "delivered", "2030-01-03T10:00:00Z"));
  await shop.report(step(well.orderId, 1, "approved", "2030-01-01T10:00:00Z"));
  await shop.report(step(well.orderId, 2, "delivered", "2030-01-03T10:00:00Z"));
  const halted = await shop.orderOnce(
    access,
    ill.orderId,
    ({ fulfilment }) => fulfilment.status === "halted" && fulfilment.parked === 2,
  );
  const other = await shop.orderOnce(access, well.orderId, ({ status }) => status === "delivered");

  expect(halted).toMatchObject({
    status: "approved",
    fulfilment: { lastSequence: 1, halt: { sequence: 2, code: "fulfilment-not-expected" } },
  });
  expect(halted.deliveredAt).toBeUndefined();
  const swept = await shop.invoke(shop.outputs.FulfilmentSweepFunction, {});
  expect((swept as { readonly halted: number }).halted).toBeGreaterThanOrEqual(1);
  expect(other.fulfilment.status).toBe("running");
});

test("of two reports under one number the first stands, the second is a violation", async () => {
  const access = await shop.token("orders:write", "orders:read");
  const { orderId } = await confirmed(access);

  await shop.report(step(orderId, 1, "approved", "2030-01-01T10:00:00Z"), `first_${randomUUID()}`);
  await shop.orderOnce(access, orderId, ({ status }) => status === "approved");
  await shop.report(step(orderId, 1, "delivered", "2030-01-02T10:00:00Z"), `other_${randomUUID()}`);
  const order = await shop.orderOnce(
    access,
    orderId,
    ({ fulfilment }) => fulfilment.violations.length > 0,
  );

  expect(order.status).toBe("approved");
  expect(order.fulfilment.violations).toMatchObject([
    { kind: "sequence-conflict", severity: "critical" },
  ]);
});

test("a gap is filed at its deadline by the sweep, and healed by what comes late", async () => {
  const access = await shop.token("orders:write", "orders:read");
  const { orderId } = await confirmed(access);
  await shop.report(step(orderId, 2, "delivered", "2030-01-02T10:00:00Z"));
  await shop.orderOnce(access, orderId, ({ fulfilment }) => fulfilment.parked === 1);

  const filed = await eventually(
    async () => {
      await shop.invoke(shop.outputs.FulfilmentSweepFunction, {});
      const { fulfilment } = await shop.order(access, orderId);
      if (fulfilment.violations.length === 0) throw new Error("not yet filed");
      return fulfilment;
    },
    { withinMs: 60_000 },
  );
  await shop.report(step(orderId, 1, "approved", "2030-01-01T10:00:00Z"));
  const order = await shop.orderOnce(access, orderId, ({ status }) => status === "delivered");

  expect(filed).toMatchObject({
    status: "running",
    violations: [{ kind: "gap", severity: "critical", sequence: 1, expected: "sequence 1" }],
  });
  expect(order.fulfilment).toMatchObject({ lastSequence: 2, parked: 0 });
});
