// What a rebuild works on, in memory and in DynamoDB; and whose each item of a projection is.
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "vitest";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoGenerations } from "#adapters/aws/dynamodb/generation-store";
import { dynamoHeadIndex } from "#adapters/aws/dynamodb/head-index";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { dynamoLeftovers } from "#adapters/aws/dynamodb/leftovers";
import { orderListGeneration } from "#adapters/aws/dynamodb/order-list";
import { recommendationsGeneration } from "#adapters/aws/dynamodb/recommendations";
import { dynamoStreamWalk } from "#adapters/aws/dynamodb/stream-walk";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryHeadStore } from "#adapters/memory/head-store";
import { memoryGenerations, memoryLeftovers, memoryStreamWalk } from "#adapters/memory/projection";
import { memoryTable } from "#adapters/memory/table";
import { consumerIn } from "#contracts/projection";
import type { HeadStore } from "#messaging";
import { firstCommit, start } from "../support/consumer-world.ts";
import { createLocalTable } from "../support/local-table.ts";
import {
  generationStoreContract,
  leftoversContract,
  streamWalkContract,
} from "./projection-contract.ts";

const inHeads = (headsOf: (generation: number) => HeadStore) => ({
  put: (stream: string, generation: number) => headsOf(generation).commit(firstCommit(stream)),
  has: async (stream: string, generation: number) =>
    (await headsOf(generation).read(stream)) !== undefined,
});

describe("in memory", () => {
  generationStoreContract(memoryGenerations);

  streamWalkContract(() => {
    const store = memoryEventStore();
    return {
      store,
      walk: memoryStreamWalk(store, 2),
      disturb: (stream) => memoryHeadStore(store).commit(firstCommit(stream)),
    };
  });

  leftoversContract(() => {
    const place = { table: memoryTable() };
    return {
      leftovers: memoryLeftovers(place, "order-list"),
      ...inHeads((generation) =>
        memoryHeadStore(place, { consumer: consumerIn("order-list", generation) }),
      ),
    };
  });
});

describe("in DynamoDB", () => {
  generationStoreContract(async () => dynamoGenerations(await createLocalTable("generations")));

  streamWalkContract(async () => {
    const place = await createLocalTable("walk");
    const heads = dynamoHeadStore({ ...place, consumer: "tested", writes: noWrites });
    return {
      store: dynamoEventStore(place),
      walk: dynamoStreamWalk({ ...place, pageItems: 2 }),
      disturb: (stream) => heads.commit(firstCommit(stream)),
    };
  });

  leftoversContract(async () => {
    const place = await createLocalTable("leftovers");
    // Beside them what no generation owns.
    await dynamoGenerations(place).replace({ version: 1, live: 2, newest: 3 });
    await place.client.send(
      new PutItemCommand({
        TableName: place.table,
        Item: { pk: { S: "stream-0" }, sk: { S: "audit#order-list#0000000000000001#00" } },
      }),
    );
    return {
      leftovers: dynamoLeftovers({ ...place, generationOf: orderListGeneration }),
      ...inHeads((generation) =>
        dynamoHeadStore({
          ...place,
          consumer: consumerIn("order-list", generation),
          writes: noWrites,
        }),
      ),
    };
  });

  test("a halted head of any generation is found under the consumer's own name", async () => {
    const place = await createLocalTable("listed");
    const heads = dynamoHeadStore({
      ...place,
      consumer: consumerIn("order-list", 4),
      listedAs: "order-list",
      writes: noWrites,
    });
    const halt = { sequence: 1, messageId: "m", code: "x", message: "poison", at: start };
    const { head } = firstCommit("a");
    await heads.commit({ head: { ...head, status: "halted", halt }, writes: [] });

    expect(await dynamoHeadIndex({ ...place, consumer: "order-list" }).halted(5)).toEqual(["a"]);
  });
});

test.each([
  [orderListGeneration, "ORDER", "head#order-list", 1],
  [orderListGeneration, "ORDER", "head#order-list@12", 12],
  [orderListGeneration, "ORDER", "parked#order-list@2#0000000000000007", 2],
  [orderListGeneration, "ORDER", "audit#order-list@2#0000000000000007#00", undefined],
  [orderListGeneration, "ORDER", "head#order-list-other", undefined],
  [orderListGeneration, "projection", "generations", undefined],
  [recommendationsGeneration, "ORDER", "head#recommendations", 1],
  [recommendationsGeneration, "ORDER", "basket", 1],
  [recommendationsGeneration, "ORDER", "basket@3", 3],
  [recommendationsGeneration, "sku#lamp", "with#bulb", 1],
  [recommendationsGeneration, "3#sku#lamp", "with#bulb", 3],
  [recommendationsGeneration, "projection", "generations", undefined],
  [recommendationsGeneration, "ORDER", "audit#recommendations#1#0", undefined],
] as const)("%o says whose %s %s is: %s", (generationOf, pk, sk, generation) => {
  expect(generationOf({ pk, sk })).toBe(generation);
});
