// The log of all commits over memory and over a table that heads share.
import { describe, expect, test } from "vitest";
import { dynamoCommitLog } from "#adapters/aws/dynamodb/commit-log";
import { appendWrites, dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { memoryCommitLog, memoryEventStore } from "#adapters/memory/event-store";
import type { EpochMs } from "#kernel/units";
import { firstCommit } from "../support/consumer-world.ts";
import { createLocalTable } from "../support/local-table.ts";
import { allSince, commitLogContract } from "./commit-log-contract.ts";

describe("in memory", () => {
  commitLogContract(() => {
    const store = memoryEventStore();
    return { store, log: memoryCommitLog(store) };
  });
});

describe("in DynamoDB", () => {
  commitLogContract(async () => {
    const place = await createLocalTable("log");
    return { store: dynamoEventStore(place), log: dynamoCommitLog(place) };
  });

  test("heads of the same table are no commits", async () => {
    const place = await createLocalTable("log");
    const writes = appendWrites(place.table);
    const heads = dynamoHeadStore({ ...place, consumer: "tested", writes });
    await heads.commit(firstCommit("a"));

    expect(await allSince(dynamoCommitLog(place), 0 as EpochMs)).toEqual([]);
  });

  test("a table that is not there is an error that may pass", async () => {
    const { client } = await createLocalTable("log");
    const log = dynamoCommitLog({ client, table: "absent" });

    await expect(allSince(log, 0 as EpochMs)).rejects.toMatchObject({
      code: "store-unavailable",
      action: "retry",
    });
  });
});
