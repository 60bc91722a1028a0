// The circuit breaker over memory and over a table.
import { beforeAll, describe } from "vitest";
import { dynamoRecordStore } from "#adapters/aws/dynamodb/record-store";
import { memoryRecordStore } from "#adapters/memory/record-store";
import { memoryTable } from "#adapters/memory/table";
import { countRequests, type RequestCounts } from "../support/counted-dynamo.ts";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { circuitBreakerContract } from "./circuit-breaker-contract.ts";

describe("in memory", () => {
  circuitBreakerContract(() => {
    const table = memoryTable();
    return { store: memoryRecordStore({ table }), requests: () => ({ ...table.requests }) };
  });
});

describe("in DynamoDB", () => {
  let place: LocalTable;
  let counts: RequestCounts;

  beforeAll(async () => {
    place = await createLocalTable("breakers");
    counts = countRequests(place.client);
  });

  circuitBreakerContract(() => {
    counts.reset();
    const requests = () => {
      const { GetItemCommand: reads = 0, UpdateItemCommand: writes = 0 } = counts.sent();
      return { reads, writes };
    };
    return { store: dynamoRecordStore({ ...place, kind: "breaker" }), requests };
  });
});
