// What is bought together, in memory and in DynamoDB; and that a whole basket fits one transaction.
import { randomUUID } from "node:crypto";
import {
  CreateTableCommand,
  DynamoDBClient,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { basketWrites, dynamoRecommendations } from "#adapters/aws/dynamodb/recommendations";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { memoryRecommendations } from "#adapters/memory/recommendations";
import { BOUGHT_WITH } from "#contracts/indexes";
import { BASKET_SKUS_MAX, basketCounting } from "#services/products/count-baskets";
import { localConnection } from "../support/connection.ts";
import { recommendationsContract } from "./recommendations-contract.ts";

describe("in memory", () => {
  recommendationsContract(memoryRecommendations);
});

describe("in DynamoDB", () => {
  const client = new DynamoDBClient(localConnection());
  let table = "";

  beforeEach(async () => {
    table = `recommendations-${randomUUID()}`;
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [
          { AttributeName: "pk", AttributeType: "S" },
          { AttributeName: "sk", AttributeType: "S" },
          { AttributeName: BOUGHT_WITH.partitionKey, AttributeType: "S" },
          { AttributeName: BOUGHT_WITH.sortKey, AttributeType: "N" },
        ],
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: BOUGHT_WITH.name,
            KeySchema: [
              { AttributeName: BOUGHT_WITH.partitionKey, KeyType: "HASH" },
              { AttributeName: BOUGHT_WITH.sortKey, KeyType: "RANGE" },
            ],
            Projection: { ProjectionType: "ALL" },
          },
        ],
      }),
    );
  });

  afterAll(() => client.destroy());

  recommendationsContract(() => ({
    ...dynamoRecommendations({ client, table }),
    commit: (writes) =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: writes.map((write) => basketWrites(table).action(write, "attempt")),
        }),
      ),
  }));

  test("the largest basket that is counted fits one commit", () => {
    const { bounds } = dynamoHeadStore({ client, table, consumer: "c", writes: noWrites });
    const skus = Array.from({ length: BASKET_SKUS_MAX }, (_, at) => `${at}`.padEnd(64, "x"));
    const handler = basketCounting({ read: async () => skus });
    const message = {
      id: "o#2",
      source: "urn:inorder:orders",
      type: "order.confirmed",
      stream: "o",
      sequence: 2,
      data: {},
    };

    const { writes } = handler.handle(skus, message, { now: 0 as never, held: false });
    const prints = writes.map((write) => basketWrites(table).footprint(write));

    expect(writes.length).toBeLessThanOrEqual(bounds.writesMax);
    expect(new Set(prints.map(({ item }) => item)).size).toBe(writes.length);
    expect(prints.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(bounds.bytesMax);
  });
});
