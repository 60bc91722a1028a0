// The catalogue in memory and in DynamoDB, what a page costs, and what DynamoDB is too busy for.
import {
  DynamoDBClient,
  PutItemCommand,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoCategoryNames } from "#adapters/aws/dynamodb/category-names";
import { dynamoProductStore } from "#adapters/aws/dynamodb/product-store";
import { memoryProductStore } from "#adapters/memory/product-store";
import type { Clock } from "#kernel/clock";
import type { EpochMs } from "#kernel/units";
import { localConnection } from "../support/connection.ts";
import { countRequests } from "../support/counted-dynamo.ts";
import { createProductsTable, productOfTest } from "../support/products.ts";
import { productStoreContract } from "./product-store-contract.ts";

describe("in memory", () => {
  productStoreContract(memoryProductStore);
});

describe("in DynamoDB", () => {
  const client = new DynamoDBClient(localConnection());
  const products = Array.from({ length: 250 }, (_, index) => productOfTest(`sku-${index}`));
  let table = "";
  let pausesMs: number[];
  let clock: Clock;

  beforeEach(async () => {
    pausesMs = [];
    clock = { now: () => 0 as EpochMs, sleep: async (lasting) => void pausesMs.push(lasting) };
    table = await createProductsTable(client);
  });

  afterAll(() => client.destroy());

  productStoreContract(() => ({
    ...dynamoProductStore({ client, table }),
    ...dynamoCategoryNames({ client, table }),
  }));

  test("a product is one read, a page one query, a change one write", async () => {
    const counted = new DynamoDBClient(localConnection());
    const requests = countRequests(counted);
    const store = dynamoProductStore({ client: counted, table });

    await store.write([productOfTest("lamp")]);
    await store.get("lamp");
    await store.list({ limit: 20, sort: "newest", category: "seats" });

    expect(requests.sent()).toEqual({
      PutItemCommand: 1,
      GetItemCommand: 1,
      QueryCommand: 1,
    });
    counted.destroy();
  });

  test("500 products are read in five requests and written in five", async () => {
    const counted = new DynamoDBClient(localConnection());
    const requests = countRequests(counted);
    const store = dynamoProductStore({ client: counted, table });
    const all = Array.from({ length: 500 }, (_, index) => productOfTest(`sku-${index}`));

    await store.read(all.map(({ sku }) => sku));
    await store.write(all);

    expect(requests.sent()).toEqual({ BatchGetItemCommand: 5, TransactWriteItemsCommand: 5 });
    counted.destroy();
  });

  test("an item from before there were versions is version 0, and changed like any", async () => {
    const item = { sku: "old", currency: "BRL", price: 5, freight: 1 };
    await client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));
    const store = dynamoProductStore({ client, table });

    expect(await store.get("old")).toMatchObject({ ...item, title: "old", version: 0 });
    expect(await store.write([productOfTest("old")])).toEqual([]);
    expect(await store.write([productOfTest("old", { price: 6 })])).toEqual(["old"]);
  });

  test("a table that is too busy is asked again, a bounded number of times", async () => {
    const busy = busyClient(2);
    const patient = dynamoProductStore({ client: busy.client, table, clock });
    expect(await patient.write(products)).toEqual([]);
    expect(busy.sent()).toBe(5);
    expect(pausesMs).toHaveLength(2);

    const always = busyClient(Number.POSITIVE_INFINITY);
    const store = dynamoProductStore({ client: always.client, table, clock });
    const one = products.slice(0, 2).map((product) => ({ ...product, version: 2 }));
    await expect(store.write(one)).rejects.toMatchObject({
      code: "store-throttled",
      action: "retry",
    });
    expect(always.sent()).toBe(10);
  });

  test("a table that is not there is an error, and so are too many products", async () => {
    const store = dynamoProductStore({ client, table: "nowhere" });

    await expect(store.get("lamp")).rejects.toMatchObject({ action: "retry" });
    await expect(store.read(["lamp"])).rejects.toMatchObject({ action: "retry" });
    await expect(store.list({ limit: 1, sort: "newest" })).rejects.toMatchObject({
      action: "retry",
    });
    await expect(store.write(products)).rejects.toMatchObject({ action: "retry" });
    await expect(store.write(products.slice(0, 1))).rejects.toMatchObject({ action: "retry" });
    const tooMany = [...products, ...products, ...products];
    await expect(store.write(tooMany)).rejects.toMatchObject({ code: "invalid-request" });
  });

  /** Cancels its first transactions for somebody else who is at the same items. */
  function busyClient(times: number) {
    const busy = new DynamoDBClient(localConnection());
    let sent = 0;
    busy.middlewareStack.add(
      (next) => async (args) => {
        sent += 1;
        if (sent > times) return next(args);
        throw new TransactionCanceledException({
          message: "conflict",
          $metadata: {},
          CancellationReasons: [{ Code: "TransactionConflict" }, { Code: "None" }],
        });
      },
      { step: "initialize" },
    );
    return { client: busy, sent: () => sent };
  }
});
