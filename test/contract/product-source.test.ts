// The truth that projections of products are rebuilt from, in memory and in the products' table.
import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoProductSource } from "#adapters/aws/dynamodb/product-source";
import { memoryProductSource } from "#adapters/memory/product-source";
import type { ProductVersion } from "#services/products/search-ports";
import { localConnection } from "../support/connection.ts";
import { productSourceContract } from "./product-source-contract.ts";

describe("in memory", () => {
  productSourceContract(() => {
    const versions: ProductVersion[] = [];
    return {
      source: memoryProductSource(() => versions),
      store: async (more) => versions.push(...more),
    };
  });
});

describe("in DynamoDB", () => {
  const client = new DynamoDBClient(localConnection());
  let table = "";

  beforeEach(async () => {
    table = `product-source-${randomUUID()}`;
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

  const put = (item: Record<string, unknown>) =>
    client.send(
      new PutItemCommand({
        TableName: table,
        Item: marshall(item, { removeUndefinedValues: true }),
      }),
    );

  productSourceContract(() => ({
    source: dynamoProductSource({ client, table }),
    store: (versions) =>
      Promise.all(
        versions.map(({ version, product: { attributes, rating, ...facts } }) =>
          put({
            ...facts,
            version,
            attributes: JSON.stringify(attributes),
            ratingCount: rating?.count,
            ratingSum: rating?.sum,
          }),
        ),
      ),
  }));

  test("what was stored before there were versions has its SKU for a title", async () => {
    await put({ sku: "old-1", currency: "BRL", price: 100, freight: 0 });

    const [old] = await dynamoProductSource({ client, table }).some(["old-1"]);

    expect(old).toMatchObject({ version: 0, product: { title: "old-1", deleted: false } });
  });

  test("a table that is not there is an error", async () => {
    const source = dynamoProductSource({ client, table: "nowhere" });

    await expect(source.some(["a"])).rejects.toMatchObject({ action: "retry" });
    await expect(source.all()[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      action: "retry",
    });
  });
});
