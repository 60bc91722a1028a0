import { beforeAll, describe } from "vitest";
import { dynamoChargeStore } from "#adapters/aws/dynamodb/charge-store";
import { memoryChargeStore } from "#adapters/memory/charge-store";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { chargeStoreContract } from "./charge-store-contract.ts";

describe("in memory", () => {
  chargeStoreContract(memoryChargeStore);
});

describe("in DynamoDB", () => {
  let table: LocalTable;

  beforeAll(async () => {
    table = await createLocalTable("charges");
  });

  chargeStoreContract(() => dynamoChargeStore(table));
});
