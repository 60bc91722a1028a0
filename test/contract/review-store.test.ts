// Reviews in memory and in DynamoDB: what they cost, and a product that many are at.
import { DynamoDBClient, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoProductStore } from "#adapters/aws/dynamodb/product-store";
import { dynamoReviewStore } from "#adapters/aws/dynamodb/review-store";
import { memoryProductStore } from "#adapters/memory/product-store";
import { memoryReviewStore } from "#adapters/memory/review-store";
import type { Clock } from "#kernel/clock";
import type { EpochMs } from "#kernel/units";
import type { Review } from "#services/products/ports";
import { localConnection } from "../support/connection.ts";
import { countRequests } from "../support/counted-dynamo.ts";
import { createProductsTable, createReviewsTable, productOfTest } from "../support/products.ts";
import { reviewStoreContract } from "./review-store-contract.ts";

const review: Review = {
  sku: "lamp",
  reviewId: "one",
  customerId: "ana",
  rating: 4,
  deleted: false,
  version: 1,
  createdAt: 1 as EpochMs,
  updatedAt: 1 as EpochMs,
};

describe("in memory", () => {
  reviewStoreContract(async () => {
    const products = memoryProductStore();
    return { products, reviews: memoryReviewStore(products) };
  });
});

describe("in DynamoDB", () => {
  const client = new DynamoDBClient(localConnection());
  let table = "";
  let productsTable = "";

  beforeEach(async () => {
    [table, productsTable] = await Promise.all([
      createReviewsTable(client),
      createProductsTable(client),
    ]);
  });

  afterAll(() => client.destroy());

  reviewStoreContract(async () => ({
    products: dynamoProductStore({ client, table: productsTable }),
    reviews: dynamoReviewStore({ client, table, productsTable }),
  }));

  test("a review is one transaction, a page of them one query", async () => {
    const counted = new DynamoDBClient(localConnection());
    const requests = countRequests(counted);
    await dynamoProductStore({ client, table: productsTable }).write([productOfTest("lamp")]);
    const reviews = dynamoReviewStore({ client: counted, table, productsTable });

    await reviews.write(review, { count: 1, sum: 4 });
    await reviews.get("lamp", "one");
    await reviews.list({ sku: "lamp", limit: 20 });

    expect(requests.sent()).toEqual({
      TransactWriteItemsCommand: 1,
      GetItemCommand: 1,
      QueryCommand: 1,
    });
    counted.destroy();
  });

  test("whoever is at the same product is waited for, a bounded number of times", async () => {
    await dynamoProductStore({ client, table: productsTable }).write([productOfTest("lamp")]);
    const pausesMs: number[] = [];
    const clock: Clock = {
      now: () => 0 as EpochMs,
      sleep: async (lasting) => void pausesMs.push(lasting),
    };
    const patient = dynamoReviewStore({ client: busyClient(3), table, productsTable, clock });
    expect(await patient.write(review, { count: 1, sum: 4 })).toBe("written");
    expect(pausesMs).toHaveLength(3);

    const always = busyClient(Number.POSITIVE_INFINITY);
    const store = dynamoReviewStore({ client: always, table, productsTable, clock });
    await expect(store.write(review, { count: 1, sum: 4 })).rejects.toMatchObject({
      code: "store-throttled",
      action: "retry",
    });
    expect(pausesMs).toHaveLength(13);
  });

  test("a table that is not there is an error", async () => {
    const store = dynamoReviewStore({ client, table: "nowhere", productsTable });

    await expect(store.get("lamp", "one")).rejects.toMatchObject({ action: "retry" });
    await expect(store.list({ sku: "lamp", limit: 1 })).rejects.toMatchObject({ action: "retry" });
    await expect(store.write(review, { count: 0, sum: 0 })).rejects.toMatchObject({
      action: "retry",
    });
  });

  /** Cancels its first transactions for somebody else who is at the product. */
  function busyClient(times: number): DynamoDBClient {
    const busy = new DynamoDBClient(localConnection());
    let sent = 0;
    busy.middlewareStack.add(
      (next) => async (args) => {
        sent += 1;
        if (sent > times) return next(args);
        throw new TransactionCanceledException({
          message: "conflict",
          $metadata: {},
          CancellationReasons: [{ Code: "None" }, { Code: "TransactionConflict" }],
        });
      },
      { step: "initialize" },
    );
    return busy;
  }
});
