// The idempotency store in memory, behind fronts that remember too much, and in DynamoDB.
import { describe } from "vitest";
import { dynamoIdempotencyStore } from "#adapters/aws/dynamodb/idempotency-store";
import { memoryIdempotencyStore } from "#adapters/memory/idempotency-store";
import { bloomFilter, hintedStore, recentKeys } from "#messaging/idempotency/index";
import { createLocalTable } from "../support/local-table.ts";
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
  idempotencyStoreContract(async () => dynamoIdempotencyStore(await createLocalTable("once")));
});
