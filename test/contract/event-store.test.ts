// The event store over memory and over a table.
import { describe } from "vitest";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { memoryEventStore } from "#adapters/memory/event-store";
import { createLocalTable } from "../support/local-table.ts";
import { eventStoreContract } from "./event-store-contract.ts";

describe("in memory", () => {
  eventStoreContract(() => memoryEventStore());
});

describe("in DynamoDB", () => {
  eventStoreContract(async () => dynamoEventStore(await createLocalTable("events")));
});
