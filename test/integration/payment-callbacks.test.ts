// The races of money that open engines lose to, against the deployed shop: the provider calls back
// twice, late, out of order and before the order's own answer.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { METRICS, SERVICES } from "#contracts/metrics";
import { eventually } from "../support/eventually.ts";
import { openShop } from "../support/shop.ts";
import type { Answer } from "../support/shop/api.ts";
import { signing, type WebhookChanges } from "../support/shop/signing.ts";

const root = join(import.meta.dirname, "..", "..");
const shop = openShop(inject("shop"));
const secrets = new SecretsManagerClient(shop.connection);
const patience = { withinMs: 90_000, everyMs: 200 };
let token = "";

beforeAll(async () => {
  token = await shop.token("orders:write", "orders:read");
  // Each change twice, and after each the state before once more.
  const url = `${shop.api}/v1/webhooks/payments`;
  await setWebhook({ url, duplicatePercent: 100, disorderPercent: 100 });
});

afterAll(() => setWebhook({}));

test("the payment callback arrives before the order's own answer: they agree", async () => {
  // The provider takes it, calls back at once, and answers when nobody waits any more.
  const sku = await shop.product(1017, 5);

  const order = await shop.settledOrder(token, sku);

  expect(order).toMatchObject({ status: "confirmed", payment: { status: "captured" } });
  const [charge, ...more] = await chargesOf(order.orderId);
  expect(charge).toMatchObject({ status: "captured", amount: 1017 });
  expect(more).toEqual([]);
  const books = await booksOf(order.orderId);
  expect(books.map(({ sk }) => sk)).toEqual(["ledger#capture", "step#authorise", "step#capture"]);
  // In one group, so the second comes after the first: it is late, whatever came before.
  for (const status of ["captured", "authorised"]) await webhook({ ...reported(charge), status });
  await eventually(
    async () => (await shop.metricSum(METRICS.paymentReportsLate, SERVICES.payments)) > 0,
    patience,
  );
  expect(await booksOf(order.orderId)).toEqual(books);
});

test("a double-clicked order whose callbacks come twice is captured once", async () => {
  const sku = await shop.product(1000, 5);
  const headers = { "idempotency-key": randomUUID() };
  const place = () =>
    shop.call("POST", "/v1/orders", { token, headers, body: { lines: [{ sku, quantity: 1 }] } });

  const answers = await Promise.all([place(), place(), place()]);

  const orderIds = answers.map(({ body }) => String(body["orderId"]));
  const [orderId = ""] = orderIds;
  expect(new Set(orderIds).size).toBe(1);
  await shop.orderOnce(token, orderId, ({ status }) => status === "confirmed");
  const [charge, ...more] = await chargesOf(orderId);
  expect(more).toEqual([]);
  const said = { ...reported(charge), status: "captured" };
  const repeated = await Promise.all(["a", "a", "b"].map((id) => webhook(said, { id })));
  expect(repeated.map(({ status }) => status)).toEqual([202, 202, 202]);
  expect((await booksOf(orderId)).filter(({ sk }) => sk === "ledger#capture")).toHaveLength(1);
});

test("a payment that its provider finishes while the order still pays is taken once", async () => {
  // Its authorisation is answered when nobody waits any more; meanwhile the money is taken.
  const orderId = await shop.buy(token, await shop.product(1017, 5));
  const [charge] = await eventually(async () => {
    const found = await chargesOf(orderId);
    return found.length > 0 && found;
  }, patience);
  await moneyTaken(reported(charge).paymentId);
  await webhook({ ...reported(charge), status: "captured" });

  const order = await shop.orderOnce(token, orderId, ({ status }) => status !== "placed");

  expect(order).toMatchObject({ status: "confirmed", payment: { status: "captured" } });
  expect(await chargesOf(orderId)).toMatchObject([{ status: "captured", amount: 1017 }]);
  const books = await booksOf(orderId);
  expect(books.map(({ sk }) => sk)).toEqual(["ledger#capture", "step#authorise", "step#capture"]);
});

test("a callback about an order that nobody placed waits, and makes no money", async () => {
  const orderId = "0".repeat(26);
  const payment = { paymentId: "pay_x", status: "captured", amount: 5, currency: "BRL" };

  const answer = await webhook({ ...payment, reference: orderId, refunded: 0 });

  expect(answer.status).toBe(202);
  expect(await booksOf(orderId)).toEqual([]);
});

test("a webhook that is not the provider's own changes nothing", async () => {
  const payment = {
    paymentId: "pay_x",
    status: "captured",
    amount: 5,
    currency: "BRL",
    reference: "0".repeat(26),
    refunded: 0,
  };
  const stale = Math.floor(Date.now() / 1000) - 301;

  const answers = await Promise.all([
    webhook(payment, { signature: "v1,bm90IG91cnM=" }),
    webhook(payment, { timestampSeconds: stale }),
    webhook({ ...payment, amount: "5" }),
    webhook({ ...payment, money: 5 }),
    webhook(payment, { id: "x".repeat(65) }),
    webhook({ ...payment, paymentId: "x".repeat(70_000) }),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([401, 401, 400, 400, 400, 413]);
  for (const { headers } of answers) {
    expect(headers.get("content-type")).toBe("application/problem+json");
  }
});

test("the comparison files a difference once; the ledger is balanced", async () => {
  const { orderId } = await shop.settledOrder(token, await shop.product(1000, 5));
  const [charge] = await chargesOf(orderId);
  await refundBehindOurBack(String(charge?.["pk"]), 400);
  const run = () => shop.invoke(shop.outputs.ReconcilePaymentsFunction, { pages: 1000 });

  const first = await run();
  await run();
  await refundBehindOurBack(String(charge?.["pk"]), 0);
  const ledger = await command("bin/ledger.ts");

  expect(first).toMatchObject({ different: expect.any(Number) as unknown });
  const items = await shop.items(shop.outputs.PaymentsTable);
  const filed = items.filter(({ data }) => String(data).includes(orderId));
  expect(filed).toHaveLength(1);
  expect(JSON.parse(String(filed[0]?.["data"]))).toMatchObject({
    orderId,
    difference: expect.stringContaining("400 of payment") as unknown,
  });
  expect(ledger.output).toMatch(/BRL {2}payments - refunds \d+ - \d+ = \d+/);
  expect(ledger.output).toContain("The ledger is balanced");
  expect(ledger.code).toBe(0);
});

test("a capture that takes the money and is not answered is looked up, not repeated", async () => {
  const sku = await shop.product(1000, 5);
  await setWebhook({ answers: { silentPercent: { capture: 100 } } });

  const order = await shop.settledOrder(token, sku);
  await setWebhook({});

  expect(order).toMatchObject({ status: "confirmed", payment: { status: "captured" } });
  expect(await chargesOf(order.orderId)).toMatchObject([{ status: "captured", amount: 1000 }]);
  const books = await booksOf(order.orderId);
  expect(books.map(({ sk }) => sk)).toEqual(["ledger#capture", "step#authorise", "step#capture"]);
});

async function chargesOf(orderId: string): Promise<Record<string, unknown>[]> {
  const items = await shop.items(shop.outputs.ProviderTable);
  return items.filter(({ reference }) => reference === orderId);
}

async function booksOf(orderId: string): Promise<Record<string, unknown>[]> {
  const items = await shop.items(shop.outputs.PaymentsTable);
  return items
    .filter(({ pk }) => pk === `order#${orderId}`)
    .toSorted((one, other) => (String(one["sk"]) < String(other["sk"]) ? -1 : 1));
}

function reported(charge: Record<string, unknown> | undefined) {
  const { pk, sk: _sk, ...payment } = charge ?? {};
  return { ...payment, paymentId: String(pk).replace("payment#", "") };
}

async function webhook(payment: unknown, changes: WebhookChanges = {}): Promise<Answer> {
  const text = JSON.stringify({ type: "payment.updated", payment });
  const sign = signing(() => secretOf(shop.outputs.PaymentWebhookSecretArn));
  const headers = await sign(text, changes);
  return await shop.call("POST", "/v1/webhooks/payments", { headers, body: text });
}

const setWebhook = (settings: unknown): Promise<void> => atProvider("PUT", "webhook", settings);

/** By the provider itself. */
const moneyTaken = (paymentId: string): Promise<void> =>
  atProvider("POST", `payments/${paymentId}/capture`, {});

async function atProvider(method: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${shop.outputs.ProviderAddress}/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await secretOf(shop.outputs.ProviderSecretArn)}`,
      "content-type": "application/json",
      "idempotency-key": randomUUID(),
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path} is refused: ${await answer.text()}`);
}

async function secretOf(arn: string): Promise<string> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: arn }));
  return SecretString ?? "";
}

async function refundBehindOurBack(pk: string, refunded: number): Promise<void> {
  await new DynamoDBClient(shop.connection).send(
    new UpdateItemCommand({
      TableName: shop.outputs.ProviderTable,
      Key: { pk: { S: pk }, sk: { S: "charge" } },
      UpdateExpression: "SET refunded = :refunded",
      ExpressionAttributeValues: { ":refunded": { N: String(refunded) } },
    }),
  );
}

const command = (script: string): Promise<{ readonly code: number; readonly output: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, ...shop.environment };
    execFile(process.execPath, [script], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, output: `${stdout}\n${stderr}` });
    });
  });
