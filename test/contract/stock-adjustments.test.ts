import { beforeAll, describe } from "vitest";
import { dynamoStockAdjustments } from "#adapters/aws/dynamodb/stock-adjustments";
import { dynamoStockStore } from "#adapters/aws/dynamodb/stock-store";
import { memoryStockStore } from "#adapters/memory/stock-store";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { stockAdjustmentsContract } from "./stock-adjustments-contract.ts";

describe("in memory", () => {
  stockAdjustmentsContract(() => {
    const stock = memoryStockStore();
    return { stock, adjustments: stock };
  });
});

describe("in DynamoDB", () => {
  let table: LocalTable;

  beforeAll(async () => {
    table = await createLocalTable("adjustments");
  });

  stockAdjustmentsContract(() => ({
    stock: dynamoStockStore(table),
    adjustments: dynamoStockAdjustments(table),
  }));
});
