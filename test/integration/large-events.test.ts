// An event of an order that no queue takes: it leaves the table as a claim check, and each of its
// ordered readers applies it, as the next one behind it.
import { randomUUID } from "node:crypto";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, expect, inject, test } from "vitest";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoGenerations } from "#adapters/aws/dynamodb/generation-store";
import { s3ClaimCheckStore } from "#adapters/aws/s3/claim-check-store";
import { CLAIM_CHECK_PREFIX } from "#contracts/claim-checks";
import { consumerIn } from "#contracts/projection";
import { sha256Hex } from "#kernel/hash";
import type { EpochMs } from "#kernel/units";
import { ENVELOPE_BYTES_MAX, nextCommit } from "#messaging";
import { eventually } from "../support/eventually.ts";
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));
const { OrdersTable, OrderListTable, ClaimCheckBucket: bucket } = shop.outputs;
const client = new DynamoDBClient(shop.connection);
const s3 = new S3Client({ ...shop.connection, forcePathStyle: true });

const PATIENCE = { withinMs: 30_000 };

afterAll(() => {
  client.destroy();
  s3.destroy();
});

type Position = { readonly last: number; readonly status?: string; readonly halt?: object };

/** Once the first event is applied, or never will be; the saga adds events of its own behind it. */
async function decidedIn(table: string, pk: string, sk: string): Promise<Position | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: marshall({ pk, sk }), ConsistentRead: true }),
  );
  const { last, status, halt } = JSON.parse(Item?.["head"]?.S ?? '{"last":0}') as Position;
  return last >= 1 || status === "halted"
    ? { last, ...(halt === undefined ? {} : { halt }) }
    : undefined;
}

test("an event that is too large for a queue reaches every ordered reader", async () => {
  const store = dynamoEventStore({ client, table: OrdersTable });
  const orderId = randomUUID().replaceAll("-", "").slice(0, 26).toUpperCase();
  const sku = await shop.product(1_000, 5);
  const lines = [{ sku, quantity: 1, unitPrice: 1_000, unitFreight: 0 }];
  const placed = { orderId, customerId: randomUUID(), placedAt: 1, currency: "BRL", lines };
  const rule = "x".repeat(ENVELOPE_BYTES_MAX);
  const discounts = [{ rule, amount: 0 }];
  const price = {
    country: "BR",
    items: 1_000,
    discount: 0,
    shipping: 0,
    tax: 0,
    taxIncluded: true,
  };
  const data = { ...placed, total: 1_000, price: { ...price, discounts } };
  const events = [{ type: "order.placed", data }];
  await store.append(nextCommit(orderId, [], { events, recordedAt: Date.now() as EpochMs }));

  const { live } = await dynamoGenerations({ client, table: OrderListTable }).read();
  const listed = consumerIn("head#order-list", live);
  const [start, list] = await Promise.all([
    eventually(() => decidedIn(OrdersTable, orderId, "head#saga-start"), PATIENCE),
    eventually(() => decidedIn(OrderListTable, orderId, listed), PATIENCE),
  ]);

  const applied = { last: expect.toSatisfy((last: number) => last >= 1) as unknown };
  expect([start, list]).toEqual([applied, applied]);
  const text = JSON.stringify(data);
  const ref = `s3://${bucket}/${CLAIM_CHECK_PREFIX}${sha256Hex(text)}.json`;
  expect(await s3ClaimCheckStore({ client: s3, bucket }).get(ref, text.length)).toBe(text);
});
