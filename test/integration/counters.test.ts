// What the hot paths cost, counted by the functions themselves: requests and transitions, never
// seconds.
import { randomUUID } from "node:crypto";
import { GetExecutionHistoryCommand, SFNClient } from "@aws-sdk/client-sfn";
import { expect, inject, test } from "vitest";
import { METRICS, SERVICES } from "#contracts/metrics";
import { eventually } from "../support/eventually.ts";
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));

const placed = async () => ({
  orders: await shop.metricSum(METRICS.ordersPlaced, SERVICES.orders),
  repeated: await shop.metricSum(METRICS.ordersRepeated, SERVICES.orders),
  reads: await shop.metricSum(METRICS.placeReads, SERVICES.orders),
  writes: await shop.metricSum(METRICS.placeWrites, SERVICES.orders),
});

const consumed = async () => ({
  applied: await shop.metricSum(METRICS.messagesApplied, SERVICES.fulfilment),
  duplicates: await shop.metricSum(METRICS.duplicatesDropped, SERVICES.fulfilment),
  reads: await shop.metricSum(METRICS.consumerReads, SERVICES.fulfilment),
  writes: await shop.metricSum(METRICS.consumerWrites, SERVICES.fulfilment),
});

test("placing an order costs one batch read and one write, placing it again as well", async () => {
  const token = await shop.token("orders:write");
  const sku = await shop.product(1000, 9);
  const headers = { "idempotency-key": randomUUID() };
  const before = await placed();

  for (const _time of ["first", "again"]) {
    const answer = await shop.call("POST", "/v1/orders", {
      token,
      headers,
      body: { lines: [{ sku, quantity: 1 }] },
    });
    expect(answer.status).toBe(202);
  }

  await eventually(async () =>
    expect(await placed()).toEqual({
      orders: before.orders + 1,
      repeated: before.repeated + 1,
      reads: before.reads + 2,
      writes: before.writes + 2,
    }),
  );
});

test("a report costs one write request, a repeated one none", async () => {
  const token = await shop.token("orders:write", "orders:read");
  const { orderId } = await shop.settledOrder(token, await shop.product(1000, 9));
  const before = await consumed();
  const report = { orderId, sequence: 1, type: "final-status", status: "invoiced" } as const;

  const id = await shop.report(report);
  await eventually(async () => expect((await consumed()).applied).toBe(before.applied + 1));
  await shop.report(report, id);
  await eventually(async () => expect((await consumed()).duplicates).toBe(before.duplicates + 1));

  expect((await consumed()).writes).toBe(before.writes + 1);
});

test("the saga's happy path takes at most eight state transitions", async () => {
  const token = await shop.token("orders:write", "orders:read");
  const { orderId } = await shop.settledOrder(token, await shop.product(1000, 9));
  const executions = shop.outputs.SagaArn.replace(":stateMachine:", ":execution:");
  const executionArn = `${executions}:${orderId}`;
  const client = new SFNClient(shop.connection);

  const { events } = await client.send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
  );

  const entered = (events ?? []).filter(({ type }) => type?.endsWith("StateEntered"));
  expect(entered.length).toBeGreaterThanOrEqual(5);
  expect(entered.length).toBeLessThanOrEqual(8);
});
