// The examples of docs/flow.md, word for word, run over memory.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { fencedWrite } from "#adapters/aws/dynamodb/fencing";
import { memoryLockStore } from "#adapters/memory/lock-store";
import { memoryRecordStore } from "#adapters/memory/record-store";
import { systemClock } from "#kernel/clock";
import { randomIds } from "#kernel/ids";
import { later, seconds } from "#kernel/units";
import {
  circuitBreaker,
  compensatedRuns,
  distributedLock,
  retry,
  retryBudget,
} from "#messaging/flow/index";
import { done, scriptedDynamo } from "../../../support/scripted-dynamo.ts";

type Order = { readonly sku: string; readonly amount: number };

const key = "order-7";
const provider = { authorise: async (id: string) => `${id} is authorised` };

test("retry", async () => {
  const budget = retryBudget();

  const answer = await retry(() => provider.authorise(key), {
    clock: systemClock,
    random: Math.random,
    budget,
    deadline: later(systemClock.now(), seconds(5)),
  });

  expect(answer).toBe("order-7 is authorised");
});

test("circuit breaker", async () => {
  const records = memoryRecordStore();
  const breaker = circuitBreaker({
    name: "payment-provider",
    store: records,
    clock: systemClock,
    newId: randomIds,
  });

  const answer = await breaker.call(() => provider.authorise(key));

  expect(answer).toBe("order-7 is authorised");
});

test("lock", async () => {
  const locks = memoryLockStore();
  const batches = ["first", "second"];
  const written: string[] = [];
  const writeUnder = async (token: number, batch: string) => written.push(`${batch} by ${token}`);
  const lock = distributedLock({
    store: locks,
    clock: systemClock,
    newId: randomIds,
    random: Math.random,
  });

  await lock.holding("settlement/2026-11-21", async ({ token, signal }) => {
    for (const batch of batches) {
      if (signal.aborted) break;
      await writeUnder(token, batch);
    }
  });

  expect(written).toEqual(["first by 1", "second by 1"]);
});

test("fenced write", async () => {
  const { client, requests } = scriptedDynamo([done]);
  const [table, token] = ["settlements", 7];

  const fence = fencedWrite(token);
  await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { pk: { S: "settlement#2026-11-21" }, sk: { S: "total" } },
      UpdateExpression: `SET #total = :total, ${fence.set}`,
      ConditionExpression: fence.condition,
      ExpressionAttributeNames: { "#total": "total", ...fence.names },
      ExpressionAttributeValues: { ":total": { N: "100" }, ...fence.values },
    }),
  );

  expect(requests).toMatchObject([
    {
      UpdateExpression: "SET #total = :total, #fence = :fence",
      ConditionExpression: "(attribute_not_exists(#fence) OR #fence <= :fence)",
      ExpressionAttributeValues: { ":fence": { N: "7" } },
    },
  ]);
});

test("compensation", async () => {
  const records = memoryRecordStore();
  const stock = {
    reserve: async (of: string, sku: string) => `${sku} for ${of}`,
    release: async (of: string) => void of,
  };
  const bank = {
    charge: async (of: string, amount: number) => `${amount} for ${of}`,
    refund: async (of: string) => void of,
  };
  const orders = compensatedRuns<Order>({
    store: records,
    clock: systemClock,
    newId: randomIds,
    random: Math.random,
    steps: [
      {
        name: "reserve",
        landsWithinMs: 0,
        forward: ({ key, input }) => stock.reserve(key, input.sku),
        undo: ({ key }) => stock.release(key),
      },
      {
        name: "charge",
        landsWithinMs: 90_000,
        forward: ({ key, input }) => bank.charge(key, input.amount),
        undo: ({ key }) => bank.refund(key),
      },
    ],
  });

  const outcome = await orders.run("order-7", { sku: "SKU-1", amount: 100 });

  expect(outcome).toEqual({
    kind: "completed",
    results: { reserve: "SKU-1 for order-7:reserve", charge: "100 for order-7:charge" },
  });
});

test("each example of the document stands above, word for word", () => {
  const root = join(import.meta.dirname, "..", "..", "..", "..");
  const document = readFileSync(join(root, "docs", "flow.md"), "utf8");
  const source = withoutIndents(readFileSync(import.meta.filename, "utf8"));

  const blocks = [...document.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);

  expect(blocks).toHaveLength(5);
  for (const block of blocks) expect(source).toContain(withoutIndents(block));
});

const withoutIndents = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
