// The order list over memory and over the index of the order list's table.
import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeEach, describe } from "vitest";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import {
  dynamoOrderList,
  ORDER_LIST_CONSUMER,
  orderListIndex,
} from "#adapters/aws/dynamodb/order-list";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { memoryOrderList } from "#adapters/memory/order-list";
import { ORDERS_BY_CUSTOMER, ORDERS_BY_STATUS } from "#contracts/indexes";
import type { Head, HeadStore } from "#messaging";
import type { ListedOrder } from "#services/orders/usecases/project-order-list";
import { localConnection } from "../support/connection.ts";
import { orderListContract } from "./order-list-contract.ts";
import { fulfilmentHead } from "./order-records-contract.ts";

const ATTRIBUTES = ["pk", "sk", "customerId", "customerStatus", "placedAtOrderId"];

const headOf = (stream: string, version: number, state: ListedOrder) => ({
  ...fulfilmentHead,
  stream,
  version,
  attemptId: randomUUID(),
  state,
});

describe("in memory", () => {
  orderListContract(() => {
    const heads = new Map<string, Head>();
    return {
      list: memoryOrderList(() => heads.values()),
      fold: async (orderId, state) => {
        heads.set(orderId, headOf(orderId, 1, state));
      },
    };
  });
});

describe("in DynamoDB", () => {
  const client = new DynamoDBClient(localConnection());
  let table = "";

  beforeEach(async () => {
    table = `order-list-${randomUUID()}`;
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: ATTRIBUTES.map((name) => ({
          AttributeName: name,
          AttributeType: "S",
        })),
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        GlobalSecondaryIndexes: [ORDERS_BY_CUSTOMER, ORDERS_BY_STATUS].map((index) => ({
          IndexName: index.name,
          KeySchema: [
            { AttributeName: index.partitionKey, KeyType: "HASH" },
            { AttributeName: index.sortKey, KeyType: "RANGE" },
          ],
          Projection: { ProjectionType: "ALL" },
        })),
      }),
    );
  });

  afterAll(() => client.destroy());

  orderListContract(() => {
    const heads: HeadStore = dynamoHeadStore({
      client,
      table,
      consumer: ORDER_LIST_CONSUMER,
      writes: noWrites,
      index: orderListIndex(),
    });
    return {
      list: dynamoOrderList({ client, table }),
      fold: async (orderId, state) => {
        const version = ((await heads.read(orderId))?.version ?? 0) + 1;
        await heads.commit({ head: headOf(orderId, version, state), writes: [] });
      },
    };
  });
});
