import { beforeAll, describe } from "vitest";
import { dynamoStockItems } from "#adapters/aws/dynamodb/stock-items";
import { memoryStockItems } from "#adapters/memory/stock-items";
import { memoryStockStore } from "#adapters/memory/stock-store";
import { seededRng } from "#kernel/rng";
import { shardedAdjustments } from "#services/inventory/adjust-units";
import type { StockItems } from "#services/inventory/ports";
import { shardedStock } from "#services/inventory/sharded-stock";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { stockAdjustmentsContract } from "./stock-adjustments-contract.ts";

const over = (items: StockItems) => {
  const props = { items, rng: seededRng(1) };
  return { stock: shardedStock(props), adjustments: shardedAdjustments(props) };
};

describe("in memory, in one piece", () => {
  stockAdjustmentsContract(() => {
    const stock = memoryStockStore();
    return { stock, adjustments: stock };
  });
});

describe("over counters in memory", () => {
  stockAdjustmentsContract(() => over(memoryStockItems()));
});

describe("over counters in DynamoDB", () => {
  let table: LocalTable;

  beforeAll(async () => {
    table = await createLocalTable("adjustments");
  });

  stockAdjustmentsContract(() => over(dynamoStockItems(table)));
});
