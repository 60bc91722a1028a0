import { beforeAll, describe } from "vitest";
import { dynamoStockItems } from "#adapters/aws/dynamodb/stock-items";
import { memoryStockItems } from "#adapters/memory/stock-items";
import { memoryStockStore } from "#adapters/memory/stock-store";
import { seededRng } from "#kernel/rng";
import { shardedStock } from "#services/inventory/sharded-stock";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { stockStoreContract } from "./stock-store-contract.ts";

const rng = seededRng(1);

describe("in memory, in one piece", () => {
  stockStoreContract(memoryStockStore);
});

describe("over counters in memory", () => {
  stockStoreContract(() => shardedStock({ items: memoryStockItems(), rng }));
});

describe("over counters in DynamoDB", () => {
  let table: LocalTable;

  beforeAll(async () => {
    table = await createLocalTable("stock");
  });

  stockStoreContract(() => shardedStock({ items: dynamoStockItems(table), rng }));
});
