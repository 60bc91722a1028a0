// An order's life after it was placed: cancelled at any moment, reviewed, paid back, repaired.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { beforeAll, expect, inject, test } from "vitest";
import { executionArnOf } from "#adapters/aws/stepfunctions/saga-starter";
import type { OrderTimeline, OrderView } from "#contracts/http/orders";
import { sagaList } from "#contracts/http/sagas";
import { ORDERS_TO_WATCH } from "#contracts/indexes";
import { ORDER_REVIEW } from "#contracts/saga";
import { type EpochMs, isoInstant } from "#kernel/units";
import { eventually } from "../support/eventually.ts";
import { runNode } from "../support/run-command.ts";
import { openShop } from "../support/shop.ts";

const root = join(import.meta.dirname, "..", "..");
const shop = openShop(inject("shop"));
const PATIENCE = { withinMs: 60_000 };
const DEAR = ORDER_REVIEW.aboveAmount + 100;
let customer = "";
let staff = "";

beforeAll(async () => {
  [customer, staff] = await Promise.all([
    shop.token("orders:write", "orders:read", "inventory:read"),
    shop.token("orders:operate"),
  ]);
});

const placed = (sku: string): Promise<string> => shop.buy(customer, sku);

const ask = (token: string, path: string, body: object, key?: string) =>
  shop.call("POST", path, {
    token,
    body,
    ...(key !== undefined && { headers: { "idempotency-key": key } }),
  });

const cancel = (orderId: string) =>
  ask(customer, `/v1/orders/${orderId}/cancel`, { reason: "found it elsewhere" });
const review = (orderId: string, decision: string) =>
  ask(staff, `/v1/orders/${orderId}/review`, { decision, reason: "looked at it" });

const once = (orderId: string, holds: (order: OrderView) => boolean) =>
  shop.orderOnce(customer, orderId, holds);
const underReview = (orderId: string) => once(orderId, (order) => order.review === "pending");
const ended = (orderId: string, status: string) =>
  once(orderId, (order) => order.status === status);

const stockOf = async (sku: string) =>
  (await shop.call("GET", `/v1/inventory/${sku}`, { token: customer })).body;

const charges = async (orderId: string) =>
  (await shop.items(shop.outputs.ProviderTable)).filter(({ reference }) => reference === orderId);

async function typesOf(orderId: string): Promise<readonly string[]> {
  const { body } = await shop.call("GET", `/v1/orders/${orderId}/events`, { token: customer });
  return (body as OrderTimeline).events.map(({ type }) => type);
}

test("an order is cancelled before, during and after its saga; nothing is kept of it", async () => {
  const [cheap, dear, sold] = await Promise.all([
    shop.product(1000, 3),
    shop.product(DEAR, 3),
    shop.product(1000, 3),
  ]);
  const [before, during, after] = await Promise.all([placed(cheap), placed(dear), placed(sold)]);
  const first = await cancel(before);
  await Promise.all([underReview(during), ended(after, "confirmed")]);
  const [asked, late] = await Promise.all([cancel(during), cancel(after)]);

  for (const answer of [first, asked, late]) {
    expect(answer).toMatchObject({ status: 202, body: { cancelRequested: true } });
  }
  const orders = await Promise.all([before, during, after].map((id) => ended(id, "cancelled")));
  expect(orders[1]).toMatchObject({ payment: { status: "voided" }, review: "pending" });
  expect(orders[2]).toMatchObject({
    payment: { status: "refunded" },
    shipment: { status: "cancelled" },
    refunds: [{ cause: "cancel", status: "refunded", amount: { amount: 1000 } }],
  });
  for (const sku of [cheap, dear, sold]) {
    expect(await stockOf(sku)).toMatchObject({ onHand: 3, reserved: 0, available: 3 });
  }
  expect(await charges(during)).toMatchObject([{ status: "voided" }]);
  expect(await cancel(after)).toMatchObject({ status: 202, body: { status: "cancelled" } });
  expect((await typesOf(after)).slice(-4)).toEqual([
    "order.cancel-requested",
    "order.refund-requested",
    "order.refunded",
    "order.cancelled",
  ]);
});

test("what is with the carrier is not cancelled; it is sent back and paid for", async () => {
  const sku = await shop.product(1000, 3);
  const orderId = await placed(sku);
  await ended(orderId, "confirmed");
  const occurredAt = "2030-01-01T10:00:00Z";
  await shop.report({ orderId, sequence: 1, type: "handed-to-carrier", occurredAt });
  await ended(orderId, "shipped");

  expect(await cancel(orderId)).toMatchObject({ status: 409 });
  const wanted = { lines: [{ sku, quantity: 1 }], reason: "too large" };
  const [key, path] = [randomUUID(), `/v1/orders/${orderId}`];
  const asked = await ask(customer, `${path}/returns`, wanted, key);
  const again = await ask(customer, `${path}/returns`, wanted, key);
  expect(asked.status).toBe(201);
  expect(again.body).toEqual(asked.body);
  const receive = `${path}/returns/${String(asked.body["returnId"])}/receive`;
  expect(await ask(staff, receive, { reason: "unpacked" })).toMatchObject({ status: 202 });
  const order = await once(orderId, ({ payment }) => payment.status === "refunded");
  expect(order).toMatchObject({ returns: [{ status: "received" }], status: "shipped" });
});

test("a dear order waits until staff approve it, or decline it, once", async () => {
  const sku = await shop.product(DEAR, 3);
  const [good, bad] = await Promise.all([placed(sku), placed(sku)]);
  await Promise.all([underReview(good), underReview(bad)]);

  const stranger = await ask(customer, `/v1/orders/${good}/review`, { decision: "approved" });
  const answers = await Promise.all([review(good, "approved"), review(bad, "declined")]);
  const repeated = await review(good, "approved");
  const other = await review(good, "declined");

  expect(stranger.status).toBe(403);
  expect([...answers, repeated].map(({ status }) => status)).toEqual([202, 202, 202]);
  expect(other.status).toBe(409);
  await ended(good, "confirmed");
  const declined = await ended(bad, "rejected");
  expect(declined).toMatchObject({
    rejection: { reason: "review-declined" },
    payment: { status: "failed" },
  });
  expect(await stockOf(sku)).toMatchObject({ reserved: 1, available: 2 });
});

test("refunds at once never pay back more than was paid", async () => {
  const sku = await shop.product(1000, 3);
  const orderId = await placed(sku);
  await ended(orderId, "confirmed");
  const path = `/v1/orders/${orderId}/refunds`;
  const key = randomUUID();
  const part = { amount: 400, reason: "a scratch" };

  const answers = await Promise.all([
    ask(staff, path, part, key),
    ask(staff, path, part, key),
    ask(staff, path, part, randomUUID()),
    ask(staff, path, part, randomUUID()),
  ]);
  const reused = await ask(staff, path, { ...part, amount: 1 }, key);

  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
    202, 202, 202, 409,
  ]);
  expect(reused.status).toBe(422);
  const order = await once(orderId, ({ refunds }) =>
    refunds.every(({ status }) => status === "refunded"),
  );
  expect(order).toMatchObject({ payment: { status: "partially-refunded" } });
  expect(order.refunds).toHaveLength(2);
  expect(await charges(orderId)).toMatchObject([{ status: "captured", refunded: 800 }]);
});

test("nobody pays for what he does not get: stock is held before money is asked for", async () => {
  const sku = await shop.product(1000, 1);

  const orders = await Promise.all(
    Array.from({ length: 3 }, () => shop.settledOrder(customer, sku)),
  );

  const [winner, ...others] = orders.toSorted((a, b) => a.status.localeCompare(b.status));
  expect(winner?.status).toBe("confirmed");
  for (const { orderId, rejection } of others) {
    expect(rejection?.reason).toBe("out-of-stock");
    expect(await charges(orderId)).toEqual([]);
  }
});

test("a compensation that dies half-way is filed, seen, and repaired by an operator", async () => {
  const sku = await shop.product(DEAR, 2);
  const orderId = await placed(sku);
  await underReview(orderId);
  await reserve(sku, -1);
  await review(orderId, "declined");
  const stuck = await once(orderId, ({ needsAttention }) => needsAttention);

  expect(stuck.status).toBe("placed");
  expect(await charges(orderId)).toMatchObject([{ status: "voided" }]);
  const saga = `/v1/admin/sagas/${orderId}`;
  const shown = await shop.call("GET", saga, { token: staff });
  expect(shown.body).toMatchObject({
    run: 0,
    attention: [{ kind: "failed", cause: expect.stringMatching(/^Release: Refused/) as unknown }],
  });
  await eventually(async () => {
    const list = await shop.call("GET", "/v1/admin/sagas?status=stuck&limit=100", { token: staff });
    return sagaList.parse(list.body).sagas.some((one) => one.orderId === orderId);
  }, PATIENCE);
  const untrue = await ask(staff, `${saga}/resolve`, {
    outcome: "rejected",
    rejection: { reason: "payment-failed", detail: "sorry" },
    reason: "it looks undone",
  });
  expect(untrue.status).toBe(409);
  expect(untrue.body["type"]).toContain("records-disagree");

  await reserve(sku, 1);
  const [listed, repaired] = [await saying("list"), await saying("retry", orderId, ...WHY)];

  expect(listed.output).toContain(orderId);
  expect(repaired.exitCode === 0 ? "done" : repaired.output).toBe("done");
  expect(repaired.output).toContain(`under way  ${orderId}-r1`);
  await ended(orderId, "rejected");
  expect(await stockOf(sku)).toMatchObject({ onHand: 2, reserved: 0, available: 2 });
  expect(await typesOf(orderId)).toEqual(
    expect.arrayContaining(["order.needs-attention", "order.repaired", "order.rejected"]),
  );
  const again = await saying("retry", orderId, ...WHY);
  expect(again.exitCode).toBe(1);
  expect(again.output).toContain("nothing to repair");
});

const WHY = ["--reason", "counted the stock", "--author", "ada"];

const saying = (...args: string[]) =>
  runNode(["bin/saga.ts", ...args], {
    cwd: root,
    limitMs: 60_000,
    environment: { ...shop.environment },
  });

/** What somebody does who counts the stock wrongly, and rightly again. */
async function reserve(sku: string, by: number): Promise<void> {
  const dynamo = new DynamoDBClient(shop.connection);
  await dynamo.send(
    new UpdateItemCommand({
      TableName: shop.outputs.StockTable,
      Key: { pk: { S: `sku#${sku}` }, sk: { S: "stock" } },
      UpdateExpression: "ADD reserved :by",
      ExpressionAttributeValues: { ":by": { N: String(by) } },
    }),
  );
}

test("a killed run is found by the watchdog and goes on without a second charge", async () => {
  const sku = await shop.product(DEAR, 2);
  const orderId = await placed(sku);
  await underReview(orderId);
  const stepFunctions = new SFNClient(shop.connection);
  const executionArn = executionArnOf(shop.outputs.SagaArn, orderId);
  await stepFunctions.send(new StopExecutionCommand({ executionArn }));
  // The list is what the watchdog looks at, and it may still tell of the order before its review.
  await eventually(
    async () => (await watchedAt(orderId)) > inSeconds(ORDER_REVIEW.decisionSeconds),
    PATIENCE,
  );
  // Other orders of this shop may be stuck as well: how many were filed says nothing of this one.
  await watch(ORDER_REVIEW.decisionSeconds);
  const early = await shop.order(customer, orderId);
  const stuck = await eventually(async () => {
    await watch(ORDER_REVIEW.decisionSeconds + 901);
    const seen = await shop.order(customer, orderId);
    return seen.needsAttention && seen;
  }, PATIENCE);

  expect(early.needsAttention).toBe(false);
  expect(stuck.status).toBe("placed");
  const saga = `/v1/admin/sagas/${orderId}`;
  const shown = await shop.call("GET", saga, { token: staff });
  expect(shown.body).toMatchObject({
    attention: [{ kind: "failed", cause: expect.stringContaining("ABORTED") as unknown }],
  });
  expect((await ask(staff, `${saga}/retry`, { reason: "it was killed" })).status).toBe(202);
  await review(orderId, "approved");
  await ended(orderId, "confirmed");
  expect(await charges(orderId)).toMatchObject([{ status: "captured", amount: DEAR }]);
  expect(await stockOf(sku)).toMatchObject({ onHand: 2, reserved: 1 });
});

async function watchedAt(orderId: string): Promise<string> {
  const items = await shop.items(shop.outputs.OrderListTable);
  const positions = items.map((item) => String(item[ORDERS_TO_WATCH.sortKey]).split("#"));
  return positions.find(([, watched]) => watched === orderId)?.[0] ?? "";
}

const inSeconds = (count: number): string => isoInstant((Date.now() + count * 1000) as EpochMs);

/** As its clock does, so much later. */
const watch = (aheadSeconds: number) => shop.invoke(shop.outputs.SagasFunction, { aheadSeconds });
