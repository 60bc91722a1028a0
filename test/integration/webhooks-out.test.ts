// Webhooks to customers, in the deployed stacks: to a receiver on this machine, in order, signed,
// and each one once however often its event is relayed.
import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { ORDER_EVENT_SOURCE } from "#contracts/events/order-events";
import { randomIds } from "#kernel/ids";
import { resend } from "#messaging";
import { openShop } from "../support/shop.ts";
import { openReceiver, type Receiver } from "../support/webhook-receiver.ts";

const shop = openShop(inject("shop"));

let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
});
afterAll(() => receiver.close());

const customer = () => shop.token("orders:write", "orders:read", "webhooks:read", "webhooks:write");

const withKey = (token: string, body?: unknown) => ({
  token,
  headers: { "idempotency-key": randomUUID() },
  ...(body !== undefined && { body }),
});

type Endpoint = { readonly path: string; readonly secret: string; readonly inbox: string };

async function endpointOf(token: string): Promise<Endpoint> {
  const inbox = receiver.newInbox();
  const made = await shop.call(
    "POST",
    "/v1/webhook-endpoints",
    withKey(token, { url: receiver.urlOf(inbox) }),
  );
  expect(made.status).toBe(201);
  return {
    path: `/v1/webhook-endpoints/${String(made.body["endpointId"])}`,
    secret: String(made.body["secret"]),
    inbox,
  };
}

type Logged = { readonly deliveryId: string; readonly status: string; readonly eventType: string };

async function logOf(token: string, { path }: Endpoint): Promise<readonly Logged[]> {
  const answer = await shop.call("GET", `${path}/deliveries`, { token });
  expect(answer.status).toBe(200);
  return answer.body["deliveries"] as readonly Logged[];
}

const retryNow = () => shop.invoke(shop.outputs.WebhookRetryFunction, { aheadSeconds: 86_400 });

const relayAgain = (orderId: string) =>
  resend(
    {
      store: dynamoEventStore({
        client: new DynamoDBClient(shop.connection),
        table: shop.outputs.OrdersTable,
      }),
      sender: sqsFifoSender({
        client: new SQSClient(shop.connection),
        queueUrl: shop.outputs.WebhookPlanQueueUrl,
      }),
      source: ORDER_EVENT_SOURCE,
      newId: randomIds,
    },
    orderId,
    { from: 1 },
  );

const typesOf = (inbox: string) => receiver.received(inbox).map(({ body }) => body["type"]);

test("an order's events arrive in order, signed, each once though relayed twice", async () => {
  const token = await customer();
  const [sku, endpoint] = await Promise.all([shop.product(1000, 10), endpointOf(token)]);

  const order = await shop.settledOrder(token, sku);
  await receiver.once(endpoint.inbox, 3);
  await relayAgain(order.orderId);
  await shop.report({
    orderId: order.orderId,
    sequence: 1,
    type: "approved",
    occurredAt: new Date().toISOString(),
  });
  const received = await receiver.once(endpoint.inbox, 4);

  expect(typesOf(endpoint.inbox)).toEqual([
    "order.placed",
    "order.shipment-created",
    "order.confirmed",
    "order.fulfilment-reported",
  ]);
  expect(received.map((webhook) => receiver.isGenuine(webhook, endpoint.secret))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(4);
  expect(received[0]?.body).toMatchObject({ data: { orderId: order.orderId, sequence: 1 } });
  const log = await logOf(token, endpoint);
  expect(log.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => "delivered"));
});

test("what fails is tried again, and later events of its order wait behind it", async () => {
  const token = await customer();
  const [sku, endpoint] = await Promise.all([shop.product(1000, 10), endpointOf(token)]);
  receiver.answer(endpoint.inbox, 500, 302);

  await shop.settledOrder(token, sku);
  await receiver.once(endpoint.inbox, 1);
  await receiver.until(async () => {
    await retryNow();
    return receiver.received(endpoint.inbox).length >= 5;
  });

  // Refused, not followed where it pointed to, taken; only then the second event.
  expect(typesOf(endpoint.inbox)).toEqual([
    "order.placed",
    "order.placed",
    "order.placed",
    "order.shipment-created",
    "order.confirmed",
  ]);
  const ids = receiver.received(endpoint.inbox).map(({ headers }) => headers["webhook-id"]);
  expect(new Set(ids.slice(0, 3)).size).toBe(1);
  await receiver.until(async () => (await logOf(token, endpoint))[0]?.status === "delivered");
  const log = await shop.call("GET", `${endpoint.path}/deliveries?limit=1`, { token });
  const next = String(log.body["next"]);
  const rest = await shop.call(
    "GET",
    `${endpoint.path}/deliveries?cursor=${encodeURIComponent(next)}`,
    { token },
  );
  expect(rest.body["deliveries"]).toMatchObject([
    { attemptsMade: 1 },
    { attemptsMade: 3, attempts: [{ status: 500 }, { status: 302 }, { status: 204 }] },
  ]);
});

test("410 disables the endpoint and closes what waits; then it can be replayed", async () => {
  const token = await customer();
  const [sku, endpoint] = await Promise.all([shop.product(1000, 10), endpointOf(token)]);
  receiver.answer(endpoint.inbox, 500, 500, 410, 410);
  await shop.settledOrder(token, sku);
  await shop.settledOrder(token, sku);

  // What is planned after it is disabled is not planned at all.
  await receiver.until(async () => (await logOf(token, endpoint)).length === 6);
  await receiver.until(async () => {
    await retryNow();
    const statuses = (await logOf(token, endpoint)).map(({ status }) => status);
    return statuses.length === 6 && statuses.every((status) => status === "closed");
  });
  const seen = await shop.call("GET", endpoint.path, { token });
  const refused = await shop.call("POST", `${endpoint.path}/test`, withKey(token));
  const enabled = await shop.call("PATCH", endpoint.path, {
    token,
    headers: { "if-match": seen.headers.get("etag") ?? "" },
    body: { status: "enabled" },
  });
  receiver.answer(endpoint.inbox);
  const [last] = await logOf(token, endpoint);
  const before = receiver.received(endpoint.inbox).length;
  const replay = await shop.call(
    "POST",
    `${endpoint.path}/deliveries/${last?.deliveryId}/replay`,
    withKey(token),
  );
  const received = await receiver.once(endpoint.inbox, before + 1);

  expect(seen.body).toMatchObject({ status: "disabled", disabledBecause: "gone" });
  expect(refused.status).toBe(409);
  expect(enabled.body).toMatchObject({ status: "enabled" });
  expect(replay.status).toBe(202);
  expect(received.at(-1)?.headers["webhook-id"]).toBe(last?.deliveryId);
});

test("while a secret is rotated both sign; a test delivery shows it", async () => {
  const token = await customer();
  const endpoint = await endpointOf(token);
  const seen = await shop.call("GET", endpoint.path, { token });

  const rotated = await shop.call("POST", `${endpoint.path}/rotate-secret`, {
    token,
    headers: { "if-match": seen.headers.get("etag") ?? "" },
    body: {},
  });
  const key = withKey(token);
  const tested = await Promise.all(
    [1, 2].map(() => shop.call("POST", `${endpoint.path}/test`, key)),
  );
  const again = await shop.call("POST", `${endpoint.path}/test`, key);
  const [webhook] = await receiver.once(endpoint.inbox, 1);

  expect(rotated.status).toBe(200);
  expect(tested.some(({ status }) => status === 202)).toBe(true);
  expect(again.status).toBe(202);
  expect(webhook?.body).toMatchObject({ type: "webhook.test" });
  expect(webhook && receiver.isGenuine(webhook, endpoint.secret)).toBe(true);
  expect(webhook && receiver.isGenuine(webhook, String(rotated.body["secret"]))).toBe(true);
  expect(await logOf(token, endpoint)).toHaveLength(1);
});
