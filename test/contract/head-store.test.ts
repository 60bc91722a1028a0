// The head store over memory, over the simulator's table, and over a table.
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "vitest";
import { appendWrites, dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryHeadStore } from "#adapters/memory/head-store";
import { neverWritten } from "#messaging";
import { simulatedTable } from "#simulation/table";
import { start } from "../support/consumer-world.ts";
import { createLocalTable } from "../support/local-table.ts";
import { headStoreContract } from "./head-store-contract.ts";

describe("in memory", () => {
  headStoreContract(() => {
    const store = memoryEventStore();
    return { store, heads: memoryHeadStore(store) };
  });
});

describe("in the simulator's table", () => {
  headStoreContract(() => {
    const store = memoryEventStore(simulatedTable({ now: () => 0 }));
    return { store, heads: memoryHeadStore(store) };
  });
});

describe("in DynamoDB", () => {
  headStoreContract(async () => {
    const place = await createLocalTable("heads");
    const writes = appendWrites(place.table);
    return {
      store: dynamoEventStore(place),
      heads: dynamoHeadStore({ ...place, consumer: "tested", writes }),
    };
  });

  const first = { ...neverWritten("a"), version: 1, attemptId: "attempt" };

  test("two consumers of one table have heads of their own", async () => {
    const place = await createLocalTable("heads");
    const one = dynamoHeadStore({ ...place, consumer: "one", writes: noWrites });
    const other = dynamoHeadStore({ ...place, consumer: "other", writes: noWrites });

    await one.commit({ head: first, writes: [] });

    expect(await other.read("a")).toBeUndefined();
    expect(await other.commit({ head: first, writes: [] })).toEqual({ kind: "committed" });
  });

  test("an index and a due time stand beside the head, and go with it", async () => {
    const place = await createLocalTable("heads");
    const heads = dynamoHeadStore({
      ...place,
      consumer: "tested",
      writes: noWrites,
      index: (state) => (state === 7 ? { gsi1pk: "customer-7" } : {}),
    });
    const key = { pk: { S: "a" }, sk: { S: "head#tested" } };
    const item = async () =>
      (await place.client.send(new GetItemCommand({ TableName: place.table, Key: key }))).Item;

    await heads.commit({ head: { ...first, state: 7, dueAt: start }, writes: [] });
    const indexed = await item();
    await heads.commit({ head: { ...first, version: 2, state: 8 }, writes: [] });
    const plain = await item();

    expect(indexed).toMatchObject({
      gsi1pk: { S: "customer-7" },
      attentionAt: { N: String(start) },
    });
    expect(plain).toHaveProperty("version", { N: "2" });
    expect(plain).not.toHaveProperty("gsi1pk");
    expect(plain).not.toHaveProperty("attentionAt");
  });

  test("an index may not take the fence's own attributes", async () => {
    const place = await createLocalTable("heads");
    const heads = dynamoHeadStore({
      ...place,
      consumer: "tested",
      writes: noWrites,
      index: () => ({ version: "1" }),
    });

    const commit = heads.commit({ head: { ...first, state: 7 }, writes: [] });

    await expect(commit).rejects.toMatchObject({ code: "misconfigured" });
  });
});
