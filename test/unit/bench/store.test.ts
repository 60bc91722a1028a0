// The benchmark's store and its meter, against what DynamoDB's documentation says.
import { PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { memoryClient } from "../../bench/store/client.ts";
import { benchTable, type Input, TABLES } from "../../bench/store/table.ts";
import { unitMeter } from "../../bench/store/units.ts";

const item = (id: string, kilobytes: number) => ({
  id: { S: id },
  text: { S: "x".repeat(kilobytes * 1_024) },
});

function metered() {
  const meter = unitMeter();
  const table = benchTable(meter);
  const put = (input: Input) =>
    table.answer("PutItem", { TableName: TABLES.idempotency, ...input });
  return { meter, table, put };
}

const writeUnits = (meter: ReturnType<typeof unitMeter>): number => meter.counted().writeUnits;

test("a write costs a unit for each started kilobyte of the larger image", () => {
  const { meter, put } = metered();

  put({ Item: item("a", 2) });
  const first = writeUnits(meter);
  put({ Item: { id: { S: "a" } } });

  expect([first, writeUnits(meter)]).toEqual([3, 6]);
});

test("a refused write costs what stands there, and changes nothing", () => {
  const { meter, table, put } = metered();
  put({ Item: item("a", 2) });
  meter.reset();

  const refused = () =>
    put({ Item: item("a", 9), ConditionExpression: "attribute_not_exists(id)" });

  expect(refused).toThrow("The conditional request failed");
  expect(meter.counted()).toMatchObject({ requests: 1, writeUnits: 3 });
  const found = table.answer("GetItem", { TableName: TABLES.idempotency, Key: { id: { S: "a" } } });
  expect(found).toEqual({ Item: item("a", 2) });
});

test("a transaction costs twice as much, all of it or nothing", () => {
  const { meter, table } = metered();
  const put = (id: string, more: Input = {}) => ({
    Put: { TableName: TABLES.idempotency, Item: { id: { S: id } }, ...more },
  });
  table.answer("TransactWriteItems", { TransactItems: [put("a"), put("b")] });
  const both = writeUnits(meter);
  const again = { ConditionExpression: "attribute_not_exists(id)" };

  expect(() =>
    table.answer("TransactWriteItems", { TransactItems: [put("c"), put("a", again)] }),
  ).toThrow("The conditional request failed");
  expect([both, table.items()]).toEqual([4, 2]);
});

test("a strongly consistent read costs a unit for each started four kilobytes", () => {
  const { meter, table, put } = metered();
  put({ Item: item("a", 5) });
  table.answer("GetItem", { TableName: TABLES.idempotency, Key: { id: { S: "a" } } });
  table.answer("GetItem", { TableName: TABLES.idempotency, Key: { id: { S: "none" } } });

  expect(meter.counted().readUnits).toBe(3);
});

test("an update adds up, and one that is not known is refused", async () => {
  const table = benchTable();
  const client = memoryClient(table);
  const update = (expression: string) =>
    client.send(
      new UpdateItemCommand({
        TableName: TABLES.accounts,
        Key: { pk: { S: "a" } },
        UpdateExpression: expression,
        ExpressionAttributeNames: { "#balance": "balance" },
        ExpressionAttributeValues: { ":amount": { N: "5" } },
      }),
    );
  await update("ADD #balance :amount");
  await update("ADD #balance :amount");

  const found = table.answer("GetItem", { TableName: TABLES.accounts, Key: { pk: { S: "a" } } });
  expect(found).toMatchObject({ Item: { balance: { N: "10" } } });
  await expect(update("REMOVE #balance")).rejects.toThrow("does not know");
});

test("a refused put is the SDK's own exception, with the item that stands there", async () => {
  const client = memoryClient(benchTable());
  const put = () =>
    client.send(
      new PutItemCommand({
        TableName: TABLES.idempotency,
        Item: { id: { S: "a" } },
        ConditionExpression: "attribute_not_exists(id)",
      }),
    );
  await put();

  await expect(put()).rejects.toMatchObject({
    name: "ConditionalCheckFailedException",
    Item: { id: { S: "a" } },
  });
});
