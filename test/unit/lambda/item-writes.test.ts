// Effects as the SDK has them: each names its item, so that a transaction is cut before DynamoDB
// refuses it, and what can never be written halts its stream instead of going round.
import { expect, test } from "vitest";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { type ItemWrite, itemWrites } from "#lambda/item-writes";
import { refusingHeads } from "#lambda/refused-writes";
import { neverWritten } from "#messaging";
import {
  type Answer,
  brokenInside,
  refusedBy,
  scriptedDynamo,
} from "../../support/scripted-dynamo.ts";

const writes = itemWrites({ headsTable: "heads", keys: { users: ["id"] } });
const itemOf = (write: ItemWrite): string => writes.footprint(write).item;

test("one item has one name, whatever is done to it and however its key is written", () => {
  const put = itemOf({ Put: { TableName: "t", Item: { sk: { S: "b" }, pk: { S: "a" } } } });
  const Key = { pk: { S: "a" }, sk: { S: "b" } };

  expect(itemOf({ Update: { TableName: "t", Key, UpdateExpression: "SET x = :x" } })).toBe(put);
  expect(itemOf({ Delete: { TableName: "t", Key } })).toBe(put);
  expect(itemOf({ ConditionCheck: { TableName: "t", Key, ConditionExpression: "x" } })).toBe(put);
  expect(itemOf({ Delete: { TableName: "other", Key } })).not.toBe(put);
});

test("a table's own key attributes", () => {
  const put = (name: string): ItemWrite => ({
    Put: { TableName: "users", Item: { id: { S: "u1" }, name: { S: name }, pk: { S: name } } },
  });

  expect(itemOf(put("Ann"))).toBe(itemOf(put("Bob")));
});

test("a write counts at least the bytes of its item", () => {
  const Item = { pk: { S: "a" }, text: { S: "x".repeat(1_000) } };

  expect(writes.footprint({ Put: { TableName: "t", Item } }).bytes).toBeGreaterThan(1_000);
});

test.each<[ItemWrite, RegExp]>([
  [{}, /a Put with its Item, or has a Key; received nothing/],
  [{ Put: { TableName: "t", Item: { id: { S: "a" } } } }, /lacks pk and sk: give .*`keys`.*has id/],
  [{ Put: { TableName: "users", Item: { pk: { S: "a" } } } }, /put into users lacks id/],
  [
    { Delete: { TableName: "heads", Key: { pk: { S: "a" }, sk: { S: "head#x" } } } },
    /head#x of heads belongs to a consumer/,
  ],
])("%j halts its stream", (write, message) => {
  expect(() => writes.footprint(write)).toThrow(
    expect.objectContaining({ action: "halt", message: expect.stringMatching(message) as unknown }),
  );
});

function over(answer: Answer) {
  const { client } = scriptedDynamo([answer]);
  const warnings: unknown[] = [];
  const warn = (_message: string, fields?: unknown): void => void warnings.push(fields);
  const right = dynamoHeadStore({ client, table: "heads", consumer: "c", writes });
  const head = { ...neverWritten("a"), version: 1, last: 1, attemptId: "mine" };
  const put: ItemWrite = { Put: { TableName: "t", Item: { pk: { S: "a" } } } };
  const heads = refusingHeads(right, { warn });
  return { warnings, commit: (made = [put]) => heads.commit({ head, writes: made }) };
}

const invalid = refusedBy("ValidationException", { message: "Invalid UpdateExpression" });

test("writes that DynamoDB never takes are refused, with its words in the log", async () => {
  const { commit, warnings } = over(invalid);

  expect(await commit()).toEqual({ kind: "refused" });
  expect(warnings).toEqual([{ stream: "a", why: "Invalid UpdateExpression" }]);
});

test("so are those that one item of the transaction makes impossible", async () => {
  const CancellationReasons = [{ Code: "None" }, { Code: "ValidationError", Message: "type" }];
  const { commit, warnings } = over(
    refusedBy("TransactionCanceledException", { CancellationReasons }),
  );

  expect(await commit()).toEqual({ kind: "refused" });
  expect(warnings).toEqual([{ stream: "a", why: "ValidationError: type" }]);
});

test("a head alone, and a store that is ill, are no fault of the writes", async () => {
  await expect(over(invalid).commit([])).rejects.toMatchObject({ code: "store-unavailable" });
  await expect(over(brokenInside).commit()).rejects.toMatchObject({ code: "outcome-unknown" });
});
