// What the reads of the hot paths cost in requests to DynamoDB, and which of them may lag behind.
import { expect, test } from "vitest";
import { dynamoCatalogue } from "#adapters/aws/dynamodb/catalogue";
import { dynamoCategoryNames } from "#adapters/aws/dynamodb/category-names";
import { dynamoOrderList } from "#adapters/aws/dynamodb/order-list";
import { dynamoOrderRecords } from "#adapters/aws/dynamodb/order-records";
import { dynamoProductStore } from "#adapters/aws/dynamodb/product-store";
import { GENERATION_LEASE_MS } from "#contracts/projection";
import type { EpochMs } from "#kernel/units";
import { liveOrderList } from "../../../functions/orders/live-projection.ts";
import { done, scriptedDynamo } from "../../support/scripted-dynamo.ts";

function given() {
  const { client, requests } = scriptedDynamo([done]);
  return { props: { client, table: "table" }, requests };
}

test("many prices are one batch read, and none of them is an old one", async () => {
  const { props, requests } = given();

  await dynamoCatalogue(props).prices(["lamp", "chair", "lamp"]);

  const Keys = [{ sku: { S: "lamp" } }, { sku: { S: "chair" } }];
  expect(requests).toEqual([{ RequestItems: { table: { Keys, ConsistentRead: true } } }]);
});

test("a product and the categories are one consistent read each", async () => {
  const { props, requests } = given();

  await dynamoProductStore(props).get("lamp");
  await dynamoCategoryNames(props).names();

  expect(requests).toEqual([
    { TableName: "table", Key: { sku: { S: "lamp" } }, ConsistentRead: true },
    { TableName: "table", Key: { sku: { S: "#categories" } }, ConsistentRead: true },
  ]);
});

test("a page of products is one query of an index, whatever the filter", async () => {
  const { props, requests } = given();
  const store = dynamoProductStore(props);

  await store.list({ limit: 20, sort: "newest" });
  await store.list({ limit: 20, sort: "price", currency: "BRL", category: "seats", from: 1 });

  expect(requests).toHaveLength(2);
  for (const request of requests) expect(request).toHaveProperty("IndexName");
});

test("an order with its history and its reports is one query", async () => {
  const { props, requests } = given();

  await dynamoOrderRecords(props).read("order-1");

  expect(requests).toMatchObject([
    { TableName: "table", KeyConditionExpression: "pk = :order", ConsistentRead: true },
  ]);
});

test("a page of orders as it is served is one query, with at times a read beside it", async () => {
  const { props, requests } = given();
  let now = 1_700_000_000_000;
  const list = liveOrderList({ ...props, clock: { now: () => now as EpochMs } });
  const costs = async () => {
    const before = requests.length;
    await list.page({ customerId: "ann", limit: 20 });
    return requests.slice(before).map((one) => ("Key" in one ? "generations" : "page"));
  };

  const first = await costs();
  const next = [await costs(), await costs()];
  now += GENERATION_LEASE_MS;
  const afterPause = await costs();

  expect(first).toEqual(["generations", "page"]);
  expect(next).toEqual([["page"], ["page"]]);
  expect(afterPause).toEqual(["page", "generations"]);
});

test("a page of orders is one query of an index, of all or of one status", async () => {
  const { props, requests } = given();
  const list = dynamoOrderList(props);

  await list.page({ customerId: "ann", limit: 20 });
  await list.page({ customerId: "ann", limit: 20, status: "confirmed" });

  expect(requests).toHaveLength(2);
  for (const request of requests) expect(request).toMatchObject({ Limit: 21 });
});
