// The idempotency store in memory, behind fronts that remember too much, and in DynamoDB.
import { describe, expect, test } from "vitest";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { dynamoIdempotencyStore } from "#adapters/aws/dynamodb/idempotency-store";
import { memoryIdempotencyStore } from "#adapters/memory/idempotency-store";
import { later, milliseconds } from "#kernel/units";
import { bloomFilter, hintedStore, recentKeys } from "#messaging/idempotency/index";
import { start } from "../support/consumer-world.ts";
import { createLocalTable } from "../support/local-table.ts";
import { agreesWithMemory } from "./idempotency-agreement.ts";
import { idempotencyStoreContract } from "./idempotency-store-contract.ts";

describe("in memory", () => {
  idempotencyStoreContract(() => memoryIdempotencyStore());
});

describe("behind recent keys", () => {
  idempotencyStoreContract(() => hintedStore(memoryIdempotencyStore(), recentKeys(10)));
});

describe("behind a Bloom filter that is full", () => {
  const settings = { keys: 1, errorRate: 0.5 };
  idempotencyStoreContract(() => hintedStore(memoryIdempotencyStore(), bloomFilter(settings)));
});

describe("behind a front that takes every key for done", () => {
  const poisoned = { has: () => true, add: () => {} };
  idempotencyStoreContract(() => hintedStore(memoryIdempotencyStore(), poisoned));
});

describe("in DynamoDB", () => {
  const open = async () => dynamoIdempotencyStore(await createLocalTable("once"));

  idempotencyStoreContract(open);
  agreesWithMemory(open);

  const request = {
    key: "k",
    owner: "a",
    payloadHash: "hash",
    leaseMs: milliseconds(1_000),
    keepMs: milliseconds(10_000),
  };

  test("one write claims, one completes, and a duplicate costs one write and no read", async () => {
    const place = await createLocalTable("once");
    const requests: string[] = [];
    place.client.middlewareStack.add(
      (next, { commandName = "" }) =>
        (args) => {
          requests.push(commandName.replace("Command", ""));
          return next(args);
        },
      { step: "initialize" },
    );
    const store = dynamoIdempotencyStore(place);

    const answer = await store.claim(request, start);
    if (answer.kind !== "claimed") throw new Error(answer.kind);
    await store.complete(answer.claim, "x".repeat(10_000), start);
    expect(requests).toEqual(["UpdateItem", "UpdateItem"]);

    await store.claim({ ...request, owner: "b" }, start);
    expect(requests).toHaveLength(3);
    await store.claim({ ...request, owner: "c" }, later(start, request.keepMs));
    expect(requests).toEqual(["UpdateItem", "UpdateItem", "UpdateItem", "UpdateItem"]);

    const hinted = hintedStore(store, { has: () => true, add: () => {} });
    await hinted.claim({ ...request, owner: "d" }, later(start, request.keepMs));
    expect(requests.slice(4)).toEqual(["GetItem"]);
  });

  test("the table's TTL deletes a record an hour after its time", async () => {
    const place = await createLocalTable("once");
    await dynamoIdempotencyStore(place).claim(request, start);

    const Key = { pk: { S: "k" }, sk: { S: "idempotency" } };
    const { Item } = await place.client.send(new GetItemCommand({ TableName: place.table, Key }));

    const seconds = Math.ceil((start + request.keepMs) / 1_000) + 3_600;
    expect(Item?.["expiresAt"]).toEqual({ N: String(seconds) });
  });
});
