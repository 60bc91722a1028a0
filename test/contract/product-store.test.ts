// The catalogue in memory and in DynamoDB, and what DynamoDB leaves unwritten.
import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoProductStore } from "#adapters/aws/dynamodb/product-store";
import { memoryProductStore } from "#adapters/memory/product-store";
import type { Clock } from "#kernel/clock";
import type { EpochMs } from "#kernel/units";
import { localConnection } from "../support/connection.ts";
import { productStoreContract } from "./product-store-contract.ts";

describe("in memory", () => {
  productStoreContract(memoryProductStore);
});

describe("in DynamoDB", () => {
  const client = new DynamoDBClient(localConnection());
  const products = Array.from({ length: 30 }, (_, index) => ({
    sku: `sku-${index}`,
    currency: "BRL",
    price: index,
    freight: 0,
  }));
  let table = "";
  let pausesMs: number[];
  let clock: Clock;

  beforeEach(async () => {
    table = `products-${randomUUID()}`;
    pausesMs = [];
    clock = { now: () => 0 as EpochMs, sleep: async (lasting) => void pausesMs.push(lasting) };
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "sku", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "sku", KeyType: "HASH" }],
      }),
    );
  });

  afterAll(() => client.destroy());

  productStoreContract(() => dynamoProductStore({ client, table }));

  test("what is left unprocessed is sent again until it is written", async () => {
    const busy = lazyClient(3);
    const store = dynamoProductStore({ client: busy.client, table, clock });

    await store.put(products);

    const read = await dynamoProductStore({ client, table }).page(100, undefined);
    expect(read.products).toHaveLength(30);
    expect(busy.sizes()).toEqual([25, 24, 23, 22, 5]);
    expect(pausesMs).toHaveLength(3);
  });

  test("a table that stays too busy is an error after a bounded number of attempts", async () => {
    const busy = lazyClient(Number.POSITIVE_INFINITY);
    const store = dynamoProductStore({ client: busy.client, table, clock });

    await expect(store.put(products)).rejects.toMatchObject({
      code: "store-throttled",
      action: "retry",
    });
    expect(busy.sizes()).toHaveLength(8);
    expect(pausesMs).toHaveLength(8);
  });

  test("a table that is not there is an error", async () => {
    const store = dynamoProductStore({ client, table: "nowhere" });

    await expect(store.get("lamp")).rejects.toMatchObject({ action: "retry" });
    await expect(store.page(1, undefined)).rejects.toMatchObject({ action: "retry" });
    await expect(store.put(products)).rejects.toMatchObject({ action: "retry" });
  });

  /** Writes only the first item of each of its first batches. */
  function lazyClient(lazyBatches: number) {
    const lazy = new DynamoDBClient(localConnection());
    const sizes: number[] = [];
    lazy.middlewareStack.add(
      (next) => async (args) => {
        const input = args.input as { RequestItems?: Record<string, unknown[]> };
        const [first, ...rest] = input.RequestItems?.[table] ?? [];
        sizes.push(rest.length + 1);
        if (sizes.length > lazyBatches) return next(args);
        const one = { ...input, RequestItems: { [table]: [first] } };
        const answer = await next({ ...args, input: one });
        const output = { ...answer.output, UnprocessedItems: { [table]: rest } };
        return { ...answer, output: output as never };
      },
      { step: "initialize" },
    );
    return { client: lazy, sizes: () => sizes };
  }
});
