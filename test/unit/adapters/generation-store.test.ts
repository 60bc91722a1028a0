// The item of a projection's generations where answers are lost on the way.
import { expect, test } from "vitest";
import { dynamoGenerations } from "#adapters/aws/dynamodb/generation-store";
import { type Answer, refusedBy, scriptedDynamo } from "../../support/scripted-dynamo.ts";

const announced = { version: 1, live: 1, next: 2, newest: 2 };

const stored = (next: string): Answer => ({
  status: 200,
  body: { Item: { version: { N: "1" }, live: { N: "1" }, next: { N: next }, newest: { N: next } } },
});

test.each([
  ["own", "2", true],
  ["somebody else's", "3", false],
])("after a lost answer a refusal is judged by what is there: %s", async (_whose, next, isDone) => {
  const refused = refusedBy("ConditionalCheckFailedException");
  const { client } = scriptedDynamo([{ code: "ECONNRESET" }, refused, stored(next)]);

  expect(await dynamoGenerations({ client, table: "t" }).replace(announced)).toBe(isDone);
});
