// Stock in the deployed stacks: no unit is sold twice, whoever asks at once and wherever it lies.
import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { beforeAll, expect, inject, test } from "vitest";
import { dynamoStockItems } from "#adapters/aws/dynamodb/stock-items";
import { stockVerification } from "#contracts/operator";
import { systemClock } from "#kernel/clock";
import { seededRng } from "#kernel/rng";
import { isoInstant, later, seconds } from "#kernel/units";
import { concurrently } from "#messaging/consumer/concurrently";
import { setShards } from "#services/inventory/set-shards";
import { shardedStock } from "#services/inventory/sharded-stock";
import { countRequests } from "../support/counted-dynamo.ts";
import { eventually } from "../support/eventually.ts";
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));

let token = "";

beforeAll(async () => {
  token = await shop.token(
    "inventory:read",
    "inventory:write",
    "inventory:reserve",
    "orders:write",
    "orders:read",
  );
});

const BUYERS = 1_000;
const AT_ONCE = 16;
const UNITS = 100;

const level = async (sku: string) =>
  (await shop.call("GET", `/v1/inventory/${sku}`, { token })).body;

const hold = (body: unknown, key: string = randomUUID(), change: { token?: string } = {}) =>
  shop.call("POST", "/v1/reservations", {
    token,
    headers: { "idempotency-key": key },
    body,
    ...change,
  });

const soon = (lasting: number) => isoInstant(later(systemClock.now(), seconds(lasting)));

/** The deployed table as one function sees it, and what it asks of it. */
function aFunction(seed: number) {
  const client = new DynamoDBClient(shop.connection);
  const requests = countRequests(client);
  const items = dynamoStockItems({ client, table: shop.outputs.StockTable });
  return { requests, items, stock: shardedStock({ items, rng: seededRng(seed) }) };
}

async function sold({ stock }: ReturnType<typeof aFunction>, sku: string, buyers: number) {
  const expiresAt = later(systemClock.now(), seconds(3_600));
  let count = 0;
  const works = Array.from({ length: buyers }, () => async () => {
    const { kind } = await stock.reserve(randomUUID(), [{ sku, quantity: 1 }], expiresAt);
    if (kind === "reserved") count += 1;
  });
  await concurrently(works, AT_ONCE / 2);
  return count;
}

test("a thousand buyers, sixteen at a time, buy exactly the hundred units there are", async () => {
  const sku = await shop.product(1_000, UNITS);
  const [one, other] = [aFunction(1), aFunction(2)];

  const counts = await Promise.all([one, other].map((each) => sold(each, sku, BUYERS / 2)));

  expect(counts.reduce((sum, count) => sum + count)).toBe(UNITS);
  expect(await level(sku)).toMatchObject({ onHand: UNITS, reserved: UNITS, available: 0 });
  // One transaction for each, and nothing is read before it or after.
  expect(one.requests.sent()).toEqual({ TransactWriteItemsCommand: BUYERS / 2 });
});

test("so they do of a SKU with shards, while these are set to another number", async () => {
  const sku = await shop.product(1_000, UNITS);
  await shop.call("PUT", `/v1/inventory/${sku}/shards`, { token, body: { shards: 8 } });
  const [one, other] = [aFunction(3), aFunction(4)];

  const [counts] = await Promise.all([
    Promise.all([one, other].map((each) => sold(each, sku, BUYERS / 5))),
    setShards(aFunction(5).items, { sku, shards: 3 }),
  ]);

  expect(counts.reduce((sum, count) => sum + count)).toBe(UNITS);
  expect(await level(sku)).toMatchObject({ onHand: UNITS, reserved: UNITS, available: 0 });
  const { told } = stockVerification.parse(await shop.invoke(shop.outputs.VerifyStockFunction, {}));
  expect(told.filter((difference) => difference.includes(sku))).toEqual([]);
});

test("an order of ninety lines takes its stock in one transaction", async () => {
  const skus = Array.from({ length: 90 }, () => `many-${randomUUID()}`);
  const levels = skus.map((sku) => ({ sku, available: 1 }));
  await shop.invoke(shop.outputs.ReceiveStockFunction, { levels });
  const { stock, requests } = aFunction(6);
  const lines = skus.map((sku) => ({ sku, quantity: 1 }));

  const answer = await stock.reserve(randomUUID(), lines, later(systemClock.now(), seconds(60)));

  expect(answer).toEqual({ kind: "reserved" });
  expect(requests.sent()).toEqual({ TransactWriteItemsCommand: 1 });
});

test("the last unit is not sold twice: of two checkouts at once one is confirmed", async () => {
  const sku = await shop.product(1_000, 1);

  const orders = await Promise.all([shop.settledOrder(token, sku), shop.settledOrder(token, sku)]);

  const [confirmed, rejected] = orders.toSorted((a, b) => (a.status < b.status ? -1 : 1));
  expect(confirmed).toMatchObject({ status: "confirmed", payment: { status: "captured" } });
  const rejection = { reason: "out-of-stock", short: [{ sku, requested: 1, available: 0 }] };
  expect(rejected).toMatchObject({ status: "rejected", rejection });
  expect(rejected?.payment.status).not.toBe("captured");
  expect(await level(sku)).toMatchObject({ onHand: 1, reserved: 1, available: 0 });
});

// The same report: one product in two lines used to pass the check of each line alone.
test("the last unit is not sold twice by two lines of one order", async () => {
  const sku = await shop.product(1_000, 1);
  const lines = [1, 1].map((quantity) => ({ sku, quantity }));

  const answer = await hold({ lines, expiresAt: soon(60) });

  expect([answer.status, answer.body.type]).toEqual([409, "urn:inorder:problem:out-of-stock"]);
  expect(await level(sku)).toMatchObject({ onHand: 1, reserved: 0, available: 1 });
});

test("a reservation holds, is its maker's, and is given back once", async () => {
  const sku = await shop.product(1_000, 5);
  const key = randomUUID();
  const wanted = { lines: [{ sku, quantity: 2 }], expiresAt: soon(60) };

  const twins = await Promise.all([1, 2, 3, 4].map(() => hold(wanted, key)));
  const path = `/v1/reservations/${String(twins[0]?.body["reservationId"])}`;
  const stranger = { token: await shop.token("inventory:reserve") };
  const seen = await shop.call("GET", path, { token });
  const strange = [
    await shop.call("GET", path, stranger),
    await shop.call("DELETE", path, stranger),
  ];
  const during = await level(sku);
  const ended = [
    await shop.call("DELETE", path, { token }),
    await shop.call("DELETE", path, { token }),
  ];

  expect(twins.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  expect(new Set(twins.map(({ text }) => text))).toEqual(new Set([seen.text]));
  expect(strange.map(({ status }) => status)).toEqual([404, 404]);
  expect(during).toMatchObject({ reserved: 2, available: 3 });
  expect(ended.map(({ status }) => status)).toEqual([204, 204]);
  expect((await shop.call("GET", path, { token })).body["status"]).toBe("released");
  expect(await level(sku)).toMatchObject({ reserved: 0, available: 5 });
});

test("a reservation that comes to its end gives its stock back by itself", async () => {
  const sku = await shop.product(1_000, 5);
  const made = await hold({ lines: [{ sku, quantity: 5 }], expiresAt: soon(1) });

  await eventually(async () => {
    await shop.invoke(shop.outputs.ExpireHoldsFunction, {});
    expect(await level(sku)).toMatchObject({ reserved: 0, available: 5 });
    return true;
  });

  const path = `/v1/reservations/${String(made.body["reservationId"])}`;
  expect((await shop.call("GET", path, { token })).body["status"]).toBe("expired");
});

test("what was corrected and why is listed, the newest first, page by page", async () => {
  const sku = await shop.product(1_000, 5);
  for (const delta of [1, -2, 3]) {
    await shop.call("POST", `/v1/inventory/${sku}/adjustments`, {
      token,
      headers: { "idempotency-key": randomUUID() },
      body: { delta, reason: `by ${delta}` },
    });
  }
  const page = (query: string) =>
    shop.call("GET", `/v1/inventory/${sku}/adjustments?${query}`, { token });

  const first = await page("limit=2");
  const second = await page(`limit=2&cursor=${String(first.body["next"])}`);

  const reasons = [first, second].flatMap(({ body }) =>
    (body["adjustments"] as readonly { readonly reason: string }[]).map(({ reason }) => reason),
  );
  expect(reasons).toEqual(["by 3", "by -2", "by 1"]);
  expect(second.body["next"]).toBeUndefined();
});

test("bad requests are refused, each with its pointer, and hold nothing", async () => {
  const sku = await shop.product(1_000, 5);
  const lines = [{ sku, quantity: 1 }];
  const shards = (body: unknown) =>
    shop.call("PUT", `/v1/inventory/${sku}/shards`, { token, body });

  const answers = await Promise.all([
    hold({ lines, expiresAt: soon(90_000) }),
    hold({ lines, expiresAt: "2020-01-01T00:00:00Z" }),
    hold({ lines: [{ sku, quantity: "1" }], expiresAt: soon(60) }),
    hold({ lines: [{ sku: "' OR 1=1", quantity: 1 }], expiresAt: soon(60) }),
    hold({ lines, expiresAt: soon(60), owner: "somebody" }),
    shards({ shards: 0 }),
    shards({ shards: 1_000 }),
    shards({ shards: 2, units: 1 }),
    shop.call("GET", `/v1/inventory/${sku}/adjustments?cursor=garbage`, { token }),
  ]);

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400));
  const pointers = answers.map(({ body }) => {
    const [first] = (body["errors"] ?? []) as readonly { readonly pointer: string }[];
    return first?.pointer;
  });
  expect(pointers).toEqual([
    "/expiresAt",
    "/expiresAt",
    "/lines/0/quantity",
    "/lines/0/sku",
    "/owner",
    "/shards",
    "/shards",
    "/units",
    "/query/cursor",
  ]);
  const noScope = await hold({ lines, expiresAt: soon(60) }, randomUUID(), {
    token: await shop.token("inventory:read"),
  });
  const nowhere = await shop.call("GET", "/v1/reservations/nonsense", { token });
  expect([noScope.status, nowhere.status]).toEqual([403, 404]);
  expect(await level(sku)).toMatchObject({ onHand: 5, reserved: 0 });
});
