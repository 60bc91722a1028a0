import { beforeAll, describe } from "vitest";
import { dynamoStockStore } from "#adapters/aws/dynamodb/stock-store";
import { memoryStockStore } from "#adapters/memory/stock-store";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { stockStoreContract } from "./stock-store-contract.ts";

describe("in memory", () => {
  stockStoreContract(memoryStockStore);
});

describe("in DynamoDB", () => {
  let table: LocalTable;

  beforeAll(async () => {
    table = await createLocalTable("stock");
  });

  stockStoreContract(() => dynamoStockStore(table));
});
