// The index of heads and the audit log over memory, over the simulator's table, and over a table.
import { describe } from "vitest";
import { dynamoAuditLog } from "#adapters/aws/dynamodb/audit-log";
import { appendWrites } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadIndex } from "#adapters/aws/dynamodb/head-index";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { memoryAuditLog, memoryHeadIndex, memoryHeadStore } from "#adapters/memory/head-store";
import { type MemoryTable, memoryTable } from "#adapters/memory/table";
import { simulatedTable } from "#simulation/table";
import { createLocalTable } from "../support/local-table.ts";
import { headIndexContract } from "./head-index-contract.ts";

const over = (table: MemoryTable) => ({
  heads: memoryHeadStore({ table }),
  index: memoryHeadIndex({ table }),
  audit: memoryAuditLog({ table }),
});

describe("in memory", () => {
  headIndexContract(() => over(memoryTable()));
});

describe("in the simulator's table", () => {
  headIndexContract(() => over(simulatedTable({ now: () => 0 })));
});

describe("in DynamoDB", () => {
  headIndexContract(async () => {
    const place = { ...(await createLocalTable("index")), consumer: "tested" };
    return {
      heads: dynamoHeadStore({ ...place, writes: appendWrites(place.table) }),
      index: dynamoHeadIndex(place),
      audit: dynamoAuditLog(place),
    };
  });
});
