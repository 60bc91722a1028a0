// Placing orders over memory, and over the tables of orders and carts.
import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe } from "vitest";
import { dynamoCartStore } from "#adapters/aws/dynamodb/cart-store";
import { dynamoOrderPlacements } from "#adapters/aws/dynamodb/order-placements";
import { memoryCartStore } from "#adapters/memory/cart-store";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryOrderPlacements } from "#adapters/memory/order-placements";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { orderPlacementsContract } from "./order-placements-contract.ts";

describe("in memory", () => {
  orderPlacementsContract(() => {
    const carts = memoryCartStore();
    return { carts, placements: memoryOrderPlacements(memoryEventStore(), carts) };
  });
});

describe("in DynamoDB", () => {
  let orders: LocalTable;
  const cartsTable = `placed-carts-${process.pid}`;

  beforeAll(async () => {
    orders = await createLocalTable("placements");
    await orders.client.send(
      new CreateTableCommand({
        TableName: cartsTable,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "cartId", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "cartId", KeyType: "HASH" }],
      }),
    );
  });

  afterAll(() => orders.client.destroy());

  orderPlacementsContract(() => ({
    carts: dynamoCartStore({ client: orders.client, table: cartsTable }),
    placements: dynamoOrderPlacements({ ...orders, cartsTable }),
  }));
});
