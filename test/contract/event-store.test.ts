// The event store over memory, over the simulator's table, and over a table.
import { describe } from "vitest";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { memoryEventStore } from "#adapters/memory/event-store";
import { simulatedTable } from "#simulation/table";
import { createLocalTable } from "../support/local-table.ts";
import { eventStoreContract } from "./event-store-contract.ts";

describe("in memory", () => {
  eventStoreContract(() => memoryEventStore());
});

describe("in the simulator's table", () => {
  eventStoreContract(() => memoryEventStore(simulatedTable({ now: () => 0 })));
});

describe("in DynamoDB", () => {
  eventStoreContract(async () => dynamoEventStore(await createLocalTable("events")));
});
