// Carts over memory and over the table of carts.
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe } from "vitest";
import { dynamoCartStore } from "#adapters/aws/dynamodb/cart-store";
import { memoryCartStore } from "#adapters/memory/cart-store";
import { localConnection } from "../support/connection.ts";
import { cartStoreContract } from "./cart-store-contract.ts";

describe("in memory", () => {
  cartStoreContract(memoryCartStore);
});

describe("in DynamoDB", () => {
  const client = new DynamoDBClient(localConnection());
  const table = `carts-${process.pid}`;

  beforeAll(async () => {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "cartId", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "cartId", KeyType: "HASH" }],
      }),
    );
  });

  afterAll(() => client.destroy());

  cartStoreContract(() => dynamoCartStore({ client, table }));
});
