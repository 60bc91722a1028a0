// Locks over memory and over a table, and what they protect.
import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, test } from "vitest";
import { fencedWrite, stillHeld } from "#adapters/aws/dynamodb/fencing";
import { dynamoLockStore } from "#adapters/aws/dynamodb/lock-store";
import { memoryLockStore } from "#adapters/memory/lock-store";
import { systemClock } from "#kernel/clock";
import { later, seconds } from "#kernel/units";
import { distributedLock, type Lease, takesToken } from "#messaging/flow/index";
import { start } from "../support/consumer-world.ts";
import { countRequests } from "../support/counted-dynamo.ts";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { lockStoreContract, type ProtectedThing } from "./lock-store-contract.ts";

describe("in memory", () => {
  lockStoreContract(() => ({ store: memoryLockStore(), protectedThing: thingInMemory }));
});

describe("in DynamoDB", () => {
  let place: LocalTable;

  beforeAll(async () => {
    place = await createLocalTable("locks");
  });

  lockStoreContract(() => ({
    store: dynamoLockStore(place),
    protectedThing: () => thingInDynamo(place),
  }));

  test("acquiring, extending, releasing and a refusal are one request each", async () => {
    const other = await createLocalTable("locks");
    const counts = countRequests(other.client);
    const lock = distributedLock({
      store: dynamoLockStore(other),
      clock: systemClock,
      newId: randomUUID,
      random: () => 0,
    });

    const held = await lock.acquire("uncontended");
    const acquired = counts.sent();
    await held?.extend();
    const extended = counts.sent();
    const refused = await lock.acquire("uncontended");
    const asked = counts.sent();
    await held?.release();

    expect(held?.token).toBe(1);
    expect(refused).toBeUndefined();
    expect([acquired, extended, asked, counts.sent()]).toEqual(
      [1, 2, 3, 4].map((requests) => ({ UpdateItemCommand: requests })),
    );
  });

  test("a lock's item has nothing that could make it expire", async () => {
    const store = dynamoLockStore(place);
    const answer = await store.acquire("kept", "a", start, seconds(10));
    if (answer.kind === "granted") await store.release(answer.lease);

    const Key = { pk: { S: "lock#kept" }, sk: { S: "lock" } };
    const item = await place.client.send(new GetItemCommand({ TableName: place.table, Key }));

    expect(Object.keys(item.Item ?? {}).toSorted()).toEqual([
      "owner",
      "pk",
      "sk",
      "token",
      "until",
    ]);
    expect(item.Item?.["token"]).toEqual({ N: "1" });
  });

  test("a transaction that needs the lock is refused once it is somebody else's", async () => {
    const store = dynamoLockStore(place);
    const first = await store.acquire("needed", "a", start, seconds(10));
    const late = first.kind === "granted" ? first.lease : undefined;
    const write = (lease: Lease, value: string) =>
      place.client
        .send(
          new TransactWriteItemsCommand({
            TransactItems: [
              stillHeld(place.table, lease),
              {
                Put: {
                  TableName: place.table,
                  Item: { pk: { S: "thing" }, sk: { S: "needed" }, value: { S: value } },
                },
              },
            ],
          }),
        )
        .then(
          () => true,
          (error: unknown) => !(error instanceof TransactionCanceledException),
        );

    const before = late && (await write(late, "held"));
    await store.acquire("needed", "b", later(start, seconds(10)), seconds(10));
    const after = late && (await write(late, "late"));

    expect([before, after]).toEqual([true, false]);
  });
});

/** Keeps the greatest token it has seen, by the rule that every protected thing has to keep. */
function thingInMemory(): ProtectedThing {
  let kept: { readonly value: string; readonly fence: number } | undefined;
  return {
    async write({ token }, value) {
      if (!takesToken(kept?.fence, token)) return false;
      kept = { value, fence: token };
      return true;
    },
    read: async () => kept?.value,
  };
}

function thingInDynamo({ client, table }: LocalTable): ProtectedThing {
  const Key = { pk: { S: `thing#${randomUUID()}` }, sk: { S: "value" } };
  return {
    async write({ token }, value) {
      const fence = fencedWrite(token);
      const command = new UpdateItemCommand({
        TableName: table,
        Key,
        UpdateExpression: `SET #value = :value, ${fence.set}`,
        ConditionExpression: fence.condition,
        ExpressionAttributeNames: { "#value": "value", ...fence.names },
        ExpressionAttributeValues: { ":value": { S: value }, ...fence.values },
      });
      return await client.send(command).then(
        () => true,
        (error: unknown) => {
          if (error instanceof ConditionalCheckFailedException) return false;
          throw error;
        },
      );
    },
    async read() {
      const command = new GetItemCommand({ TableName: table, Key, ConsistentRead: true });
      return (await client.send(command)).Item?.["value"]?.S;
    },
  };
}
