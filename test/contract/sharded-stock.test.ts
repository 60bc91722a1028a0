import { beforeAll, describe } from "vitest";
import { dynamoDueHolds } from "#adapters/aws/dynamodb/due-holds";
import { dynamoStockBook } from "#adapters/aws/dynamodb/stock-book";
import { dynamoStockItems } from "#adapters/aws/dynamodb/stock-items";
import { memoryStockItems } from "#adapters/memory/stock-items";
import { EXPIRING_HOLDS } from "#contracts/indexes";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { shardedStockContract } from "./sharded-stock-contract.ts";

describe("in memory", () => {
  shardedStockContract(() => {
    const items = memoryStockItems();
    return { items, holds: items, book: items };
  });
});

describe("in DynamoDB", () => {
  let table: LocalTable;

  beforeAll(async () => {
    table = await createLocalTable("sharded-stock", { sparse: [EXPIRING_HOLDS] });
  });

  shardedStockContract(() => ({
    items: dynamoStockItems(table),
    holds: dynamoDueHolds(table),
    book: dynamoStockBook(table),
  }));
});
