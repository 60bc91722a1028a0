// Counters of a SKU at one moment: two looks between which nothing was written.
import { expect, test } from "vitest";
import { dynamoStockItems } from "#adapters/aws/dynamodb/stock-items";
import type { EpochMs } from "#kernel/units";
import { type Answer, scriptedDynamo } from "../../support/scripted-dynamo.ts";

const clock = { now: () => 0 as EpochMs, sleep: async () => undefined };
const ids = [
  { sku: "lamp", shard: 0 },
  { sku: "lamp", shard: 1 },
];

/** Each counter with its number of writes, and as many units. */
const look = (...writes: readonly number[]): Answer => ({
  status: 200,
  body: {
    Responses: {
      table: writes.map((count, shard) => ({
        pk: { S: shard === 0 ? "sku#lamp" : `sku#lamp#${shard}` },
        sk: { S: "stock" },
        available: { N: String(count) },
        writes: { N: String(count) },
      })),
    },
  },
});

const snapshotOver = (answers: readonly Answer[]) => {
  const { client, requests } = scriptedDynamo(answers);
  return { requests, taken: dynamoStockItems({ client, table: "table", clock }).snapshot(ids) };
};

test("two looks that agree are one moment; neither is a transaction", async () => {
  const { requests, taken } = snapshotOver([look(3, 4)]);

  expect((await taken).map(({ available }) => available)).toEqual([3, 4]);
  const Keys = [
    { pk: { S: "sku#lamp" }, sk: { S: "stock" } },
    { pk: { S: "sku#lamp#1" }, sk: { S: "stock" } },
  ];
  const batch = { RequestItems: { table: { Keys, ConsistentRead: true } } };
  expect(requests).toEqual([batch, batch]);
});

test("a counter that was written to or made in between is looked at again", async () => {
  const { taken } = snapshotOver([look(3), look(3, 1), look(3, 4), look(3, 5), look(3, 6)]);

  expect((await taken).map(({ available }) => available)).toEqual([3, 6]);
});

test("counters that never hold still are told as such", async () => {
  const changing = Array.from({ length: 40 }, (_, at) => look(at, 0));

  await expect(snapshotOver(changing).taken).rejects.toMatchObject({
    code: "store-throttled",
    action: "retry",
  });
});

test("every change of a counter counts as a write", async () => {
  const { client, requests } = scriptedDynamo([{ status: 200, body: {} }]);
  const items = dynamoStockItems({ client, table: "table", clock });
  const [one, two] = [
    { shards: 1, made: 0 },
    { shards: 2, made: 2 },
  ];

  await items.write([{ kind: "units", item: { sku: "lamp", shard: 0 }, change: { available: 1 } }]);
  await items.write([{ kind: "shards", sku: "lamp", from: one, to: two }]);

  const counting = { UpdateExpression: expect.stringMatching(/ADD #writes :once/) as unknown };
  expect(requests).toMatchObject([counting, counting]);
});
