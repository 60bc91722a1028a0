// Prices over memory and over the products' own table, as the products service writes it.
import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoCatalogue } from "#adapters/aws/dynamodb/catalogue";
import { dynamoProductStore } from "#adapters/aws/dynamodb/product-store";
import { memoryCatalogue } from "#adapters/memory/catalogue";
import { localConnection } from "../support/connection.ts";
import { catalogueContract } from "./catalogue-contract.ts";

describe("in memory", () => {
  catalogueContract(memoryCatalogue);
});

describe("in DynamoDB", () => {
  const client = new DynamoDBClient(localConnection());
  let table = "";

  beforeEach(async () => {
    table = `products-${randomUUID()}`;
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

  catalogueContract(async (products) => {
    await dynamoProductStore({ client, table }).put(products);
    return dynamoCatalogue({ client, table });
  });

  test("a product whose price is no amount has none", async () => {
    const Item = marshall({ sku: "odd", currency: "BRL", price: 10.5, freight: 0 });
    await client.send(new PutItemCommand({ TableName: table, Item }));

    await expect(dynamoCatalogue({ client, table }).prices(["odd"])).rejects.toMatchObject({
      code: "price-missing",
      action: "reject",
    });
  });

  test("a product that was deleted has no price", async () => {
    const Item = marshall({ sku: "gone", currency: "BRL", price: 1, freight: 0, deleted: true });
    await client.send(new PutItemCommand({ TableName: table, Item }));

    expect(await dynamoCatalogue({ client, table }).prices(["gone"])).toEqual(new Map());
  });

  test("more SKUs than one batch reads are refused", async () => {
    const skus = Array.from({ length: 101 }, (_, index) => `sku-${index}`);

    await expect(dynamoCatalogue({ client, table }).prices(skus)).rejects.toMatchObject({
      code: "invalid-request",
    });
  });

  test("what DynamoDB leaves unread is an error, not an unknown SKU", async () => {
    const half = new DynamoDBClient(localConnection());
    half.middlewareStack.add(
      () => async () => ({
        response: {},
        output: {
          $metadata: {},
          Responses: { [table]: [] },
          UnprocessedKeys: { [table]: { Keys: [marshall({ sku: "chair" })] } },
        } as never,
      }),
      { step: "initialize" },
    );

    await expect(dynamoCatalogue({ client: half, table }).prices(["chair"])).rejects.toMatchObject({
      code: "store-throttled",
      action: "retry",
    });
  });
});
