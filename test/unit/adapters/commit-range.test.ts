// A range of a stream is read without what is before it, whatever that may be.
import type { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { commitItem } from "#adapters/aws/dynamodb/commit-items";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { type Commit, nextCommit } from "#messaging";
import { start } from "../../support/consumer-world.ts";

test("what another release wrote before a range does not keep it from being read", async () => {
  const commits: Commit[] = [];
  for (let number = 1; number <= 4; number += 1) {
    const events = [{ type: "x", data: {} }];
    commits.push(nextCommit("a", commits, { events, recordedAt: start }));
  }
  const items = commits.map((commit) => commitItem(commit, "attempt"));
  const [oldest, ...others] = items;
  const Items = [{ ...oldest, format: { N: "0" } }, ...others];
  const client = {
    async send({ input }: QueryCommand) {
      return { Items: input.ScanIndexForward === false ? Items.toReversed() : Items };
    },
  };
  const store = dynamoEventStore({ client: client as unknown as DynamoDBClient, table: "t" });

  expect(await store.read("a", { from: 3 })).toEqual(commits.slice(2));
  await expect(store.read("a", { from: 1 })).rejects.toThrow(/its format is 0, not 1/);
});
