// The event store over memory, over the simulator's table, and over a table.
import { describe } from "vitest";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryHeadStore } from "#adapters/memory/head-store";
import { simulatedTable } from "#simulation/table";
import { firstCommit } from "../support/consumer-world.ts";
import { createLocalTable } from "../support/local-table.ts";
import { eventStoreContract, streamTailsContract } from "./event-store-contract.ts";

describe("in memory", () => {
  eventStoreContract(() => memoryEventStore());

  streamTailsContract(async () => {
    const store = memoryEventStore();
    return { store, disturb: (stream) => memoryHeadStore(store).commit(firstCommit(stream)) };
  });
});

describe("in the simulator's table", () => {
  eventStoreContract(() => memoryEventStore(simulatedTable({ now: () => 0 })));
});

describe("in DynamoDB", () => {
  eventStoreContract(async () => dynamoEventStore(await createLocalTable("events")));

  streamTailsContract(async () => {
    const place = await createLocalTable("tails");
    const heads = dynamoHeadStore({ ...place, consumer: "tested", writes: noWrites });
    return {
      store: dynamoEventStore(place),
      disturb: (stream) => heads.commit(firstCommit(stream)),
    };
  });
});
