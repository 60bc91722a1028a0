import { beforeAll, beforeEach, describe } from "vitest";
import { dynamoAdjustmentLog } from "#adapters/aws/dynamodb/adjustment-log";
import { dynamoDueHolds } from "#adapters/aws/dynamodb/due-holds";
import { dynamoStockBook } from "#adapters/aws/dynamodb/stock-book";
import { dynamoStockItems } from "#adapters/aws/dynamodb/stock-items";
import { memoryStockItems } from "#adapters/memory/stock-items";
import { ADJUSTMENTS_BY_SKU, EXPIRING_HOLDS } from "#contracts/indexes";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { stockItemsContract } from "./stock-items-contract.ts";

describe("in memory", () => {
  let items: ReturnType<typeof memoryStockItems>;

  beforeEach(() => {
    items = memoryStockItems();
  });

  stockItemsContract(() => ({ items, holds: items, log: items, book: items }));
});

describe("in DynamoDB", () => {
  let table: LocalTable;

  beforeAll(async () => {
    table = await createLocalTable("stock-items", {
      whole: [ADJUSTMENTS_BY_SKU],
      sparse: [EXPIRING_HOLDS],
    });
  });

  stockItemsContract(() => ({
    items: dynamoStockItems(table),
    holds: dynamoDueHolds(table),
    log: dynamoAdjustmentLog(table),
    book: dynamoStockBook(table),
  }));
});
