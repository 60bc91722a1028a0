// Registered clients in memory and in DynamoDB.
import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, describe, expect, test } from "vitest";
import { dynamoClientStore } from "#adapters/aws/dynamodb/client-store";
import { memoryClientStore } from "#adapters/memory/client-store";
import { localConnection } from "../support/connection.ts";
import { clientStoreContract } from "./client-store-contract.ts";

describe("in memory", () => {
  clientStoreContract(memoryClientStore);
});

describe("in DynamoDB", () => {
  const client = new DynamoDBClient(localConnection());

  afterAll(() => client.destroy());

  clientStoreContract(async () => {
    const table = `clients-${randomUUID()}`;
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "clientId", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "clientId", KeyType: "HASH" }],
      }),
    );
    return dynamoClientStore({ client, table });
  });

  test("a table that is not there is an error", async () => {
    const store = dynamoClientStore({ client, table: "nowhere" });

    await expect(store.get("shop-1")).rejects.toMatchObject({ action: "retry" });
  });
});
