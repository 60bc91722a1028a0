// An order's records over memory and over the orders' table.
import type { QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { beforeEach, describe, expect, test } from "vitest";
import { appendWrites, dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { dynamoOrderRecords, FULFILMENT_CONSUMER } from "#adapters/aws/dynamodb/order-records";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryHeadStore } from "#adapters/memory/head-store";
import { memoryOrderRecords } from "#adapters/memory/order-records";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { orderId } from "../support/order-samples.ts";
import { fulfilmentHead, orderCommit, orderRecordsContract } from "./order-records-contract.ts";

describe("in memory", () => {
  orderRecordsContract(() => {
    const store = memoryEventStore();
    const heads = memoryHeadStore(store);
    return { store, heads, records: memoryOrderRecords({ store, heads }) };
  });
});

describe("in DynamoDB", () => {
  let table: LocalTable;

  beforeEach(async () => {
    table = await createLocalTable("orders");
  });

  const headsOf = (consumer: string) =>
    dynamoHeadStore({ ...table, consumer, writes: appendWrites(table.table) });

  orderRecordsContract(() => ({
    store: dynamoEventStore(table),
    heads: headsOf(FULFILMENT_CONSUMER),
    records: dynamoOrderRecords(table),
  }));

  test("another consumer's head is not the fulfilment's", async () => {
    await dynamoEventStore(table).append(orderCommit(1, "x"));
    await headsOf("invoices").commit({ head: fulfilmentHead, writes: [] });

    const record = await dynamoOrderRecords(table).read(orderId);

    expect(record.commits).toHaveLength(1);
    expect(record.fulfilment).toBeUndefined();
  });

  test("an order is one consistent query", async () => {
    const queries: QueryCommandInput[] = [];
    table.client.middlewareStack.add(
      (next) => (args) => {
        queries.push(args.input as QueryCommandInput);
        return next(args);
      },
      { step: "initialize" },
    );

    await dynamoOrderRecords(table).read(orderId);

    expect(queries).toMatchObject([{ TableName: table.table, ConsistentRead: true }]);
  });
});
