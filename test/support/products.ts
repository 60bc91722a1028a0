/**
 * Products for tests, and the table of products as the stacks make it.
 */
import { randomUUID } from "node:crypto";
import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PRODUCT_SHELVES, PUBLISHED_REVIEWS } from "#contracts/indexes";
import type { EpochMs } from "#kernel/units";
import type { Product } from "#services/products/domain/product";

const CREATED = 1_700_000_000_000;

/** Listed, of version 1, in BRL, and otherwise as little as can be. */
export const productOfTest = (sku: string, differs: Partial<Product> = {}): Product => ({
  sku,
  title: `The ${sku}`,
  images: [],
  currency: "BRL",
  price: 1990,
  freight: 500,
  attributes: {},
  deleted: false,
  version: 1,
  createdAt: CREATED as EpochMs,
  updatedAt: CREATED as EpochMs,
  ...differs,
});

export async function createProductsTable(client: DynamoDBClient): Promise<string> {
  const table = `products-${randomUUID()}`;
  const indexes = Object.values(PRODUCT_SHELVES);
  const keys = new Set(["sku", ...indexes.flatMap((one) => [one.partitionKey, one.sortKey])]);
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [...keys].map((name) => ({ AttributeName: name, AttributeType: "S" })),
      KeySchema: [{ AttributeName: "sku", KeyType: "HASH" }],
      GlobalSecondaryIndexes: indexes.map(({ name, partitionKey, sortKey }) => ({
        IndexName: name,
        KeySchema: [
          { AttributeName: partitionKey, KeyType: "HASH" },
          { AttributeName: sortKey, KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "ALL" },
      })),
    }),
  );
  return table;
}

export async function createReviewsTable(client: DynamoDBClient): Promise<string> {
  const table = `reviews-${randomUUID()}`;
  const { name, partitionKey, sortKey } = PUBLISHED_REVIEWS;
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["sku", "reviewId", partitionKey, sortKey].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S",
      })),
      KeySchema: [
        { AttributeName: "sku", KeyType: "HASH" },
        { AttributeName: "reviewId", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: name,
          KeySchema: [
            { AttributeName: partitionKey, KeyType: "HASH" },
            { AttributeName: sortKey, KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    }),
  );
  return table;
}
