// A route with kept answers in the deployed stacks: one effect and one answer for a key, whatever
// is sent again, at once, or after a function that died in between.
import { randomUUID } from "node:crypto";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { inject, beforeAll, expect, test } from "vitest";
import { openShop } from "../support/shop.ts";
import type { Answer } from "../support/shop/api.ts";

const shop = openShop(inject("shop"));
const dynamo = new DynamoDBClient(shop.connection);

let token = "";
let sku = "";

beforeAll(async () => {
  token = await shop.token("inventory:read", "inventory:write");
  sku = await shop.product(1000, 100);
});

const adjust = (key: string | undefined, body: unknown, change: { token?: string } = {}) =>
  shop.call("POST", `/v1/inventory/${sku}/adjustments`, {
    token,
    headers: key === undefined ? {} : { "idempotency-key": key },
    body,
    ...change,
  });

async function available(): Promise<number> {
  const answer = await shop.call("GET", `/v1/inventory/${sku}`, { token });
  return Number(answer.body["available"]);
}

const broken = { delta: -3, reason: "broken in transit" };

const typeOf = ({ body }: Answer): string => String(body["type"]);

test("a repetition is answered byte for byte, and the stock changes once", async () => {
  const before = await available();
  const key = randomUUID();

  const first = await adjust(key, broken);
  const second = await adjust(key, broken);

  expect(first.status).toBe(201);
  expect([second.status, second.text]).toEqual([201, first.text]);
  expect(second.headers.get("content-type")).toBe(first.headers.get("content-type"));
  expect(await available()).toBe(before - 3);
});

test("twins sent at once change the stock once, and none is told anything else", async () => {
  const before = await available();
  const key = randomUUID();

  const answers = await Promise.all(Array.from({ length: 6 }, () => adjust(key, broken)));

  const done = answers.filter(({ status }) => status === 201);
  const early = answers.filter(({ status }) => status === 409);
  expect(done.length + early.length).toBe(6);
  expect(new Set(done.map(({ text }) => text)).size).toBe(1);
  for (const answer of early) expect(typeOf(answer)).toContain("request-in-progress");
  expect(await available()).toBe(before - 3);
  expect((await adjust(key, broken)).text).toBe(done[0]?.text);
});

test("a key without its request is refused: none, or one that stands for another", async () => {
  const before = await available();
  const key = randomUUID();
  await adjust(key, broken);

  const none = await adjust(undefined, broken);
  const other = await adjust(key, { ...broken, delta: -4 });

  expect([none.status, typeOf(none)]).toEqual([400, "urn:inorder:problem:idempotency-key-missing"]);
  expect([other.status, typeOf(other)]).toEqual([
    422,
    "urn:inorder:problem:idempotency-key-reused",
  ]);
  expect(other.headers.get("content-type")).toContain("application/problem+json");
  expect(await available()).toBe(before - 3);
});

test("another caller's key is another key", async () => {
  const before = await available();
  const key = randomUUID();
  await adjust(key, broken);

  const others = await adjust(key, broken, { token: await shop.token("inventory:write") });

  expect(others.status).toBe(201);
  expect(await available()).toBe(before - 6);
});

test("after a function that died twins wait for its lease; nothing happens twice", async () => {
  const before = await available();
  const key = randomUUID();
  const first = await adjust(key, broken);
  await asIfStillWorking(first, 4_000_000_000_000);

  const twin = await adjust(key, broken);
  await asIfStillWorking(first, 1);
  const after = await adjust(key, broken);

  expect([twin.status, twin.headers.get("retry-after")]).toEqual([409, "1"]);
  expect([after.status, after.text]).toEqual([201, first.text]);
  expect(await available()).toBe(before - 3);
  expect(await recordOf(first)).toMatchObject({ status: "COMPLETED", attempt: 2 });
});

async function recordOf(answer: Answer): Promise<Record<string, unknown> | undefined> {
  const id = String(answer.body["adjustmentId"]);
  const items = await shop.items(shop.outputs.IdempotencyTable);
  return items.find(({ data }) => JSON.stringify(data)?.includes(id));
}

async function asIfStillWorking(answer: Answer, leaseUntil: number): Promise<void> {
  const record = await recordOf(answer);
  await dynamo.send(
    new UpdateItemCommand({
      TableName: shop.outputs.IdempotencyTable,
      Key: marshall({ id: record?.["id"] }),
      UpdateExpression: "SET #status = :working, in_progress_expiration = :until",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: marshall({ ":working": "INPROGRESS", ":until": leaseUntil }),
    }),
  );
}
