// Versioned records over memory and over a table.
import { PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, test } from "vitest";
import { dynamoRecordStore } from "#adapters/aws/dynamodb/record-store";
import { memoryRecordStore } from "#adapters/memory/record-store";
import { memoryTable } from "#adapters/memory/table";
import { countRequests } from "../support/counted-dynamo.ts";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { recordStoreContract } from "./record-store-contract.ts";

const record = { version: 1, changeId: "change", data: { at: 1 } };

describe("in memory", () => {
  recordStoreContract(() => memoryRecordStore());

  test("each operation is one request, a refused one too", async () => {
    const table = memoryTable();
    const store = memoryRecordStore({ table });

    await store.write("a", record);
    await store.write("a", { ...record, changeId: "other" });
    await store.read("a");

    expect(table.requests).toEqual({ reads: 1, writes: 2 });
  });
});

describe("in DynamoDB", () => {
  let place: LocalTable;

  beforeAll(async () => {
    place = await createLocalTable("records");
  });

  recordStoreContract(() => dynamoRecordStore({ ...place, kind: "tested" }));

  test("each operation is one request, a refused one too", async () => {
    const other = await createLocalTable("records");
    const counts = countRequests(other.client);
    const store = dynamoRecordStore({ ...other, kind: "tested" });

    await store.write("a", record);
    await store.write("a", { ...record, changeId: "other" });
    await store.read("a");

    expect(counts.sent()).toEqual({ UpdateItemCommand: 2, GetItemCommand: 1 });
  });

  test("kinds of one table are apart", async () => {
    await dynamoRecordStore({ ...place, kind: "one" }).write("kinds", record);

    expect(await dynamoRecordStore({ ...place, kind: "other" }).read("kinds")).toBeUndefined();
  });

  test("what others keep on the item stays", async () => {
    const store = dynamoRecordStore({ ...place, kind: "tested" });
    const Key = { pk: { S: "tested#shared" }, sk: { S: "record" } };
    await place.client.send(
      new UpdateItemCommand({
        TableName: place.table,
        Key,
        UpdateExpression: "SET team = :team",
        ExpressionAttributeValues: { ":team": { S: "payments" } },
      }),
    );

    expect(await store.read("shared")).toBeUndefined();
    expect(await store.write("shared", record)).toEqual({ kind: "written" });
    expect(await store.read("shared")).toEqual(record);
  });

  test("a record that cannot be read is an error, not an absent one", async () => {
    const store = dynamoRecordStore({ ...place, kind: "tested" });
    await place.client.send(
      new PutItemCommand({
        TableName: place.table,
        Item: { pk: { S: "tested#torn" }, sk: { S: "record" }, version: { N: "3" } },
      }),
    );

    await expect(store.read("torn")).rejects.toMatchObject({ code: "unexpected" });
    await expect(store.write("torn", record)).rejects.toMatchObject({ code: "unexpected" });
  });
});
