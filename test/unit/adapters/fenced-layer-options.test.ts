// What the fenced layer refuses at construction, and where it puts a record's parts.
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { expect, test } from "vitest";
import { FencedPersistenceLayer } from "#adapters/powertools/fenced-persistence-layer";
import { done, scriptedDynamo } from "../../support/scripted-dynamo.ts";

const claimed = { status: 200, body: { Attributes: { attempt: { N: "1" } } } };

test.each([
  { options: { keyAttr: "one", sortKeyAttr: "one" }, says: "attribute one" },
  { options: { keyAttr: "owner" }, says: "attribute owner" },
  { options: { dataAttr: "status" }, says: "attribute status" },
])("two parts under one name are refused: $says", ({ options, says }) => {
  const { client } = scriptedDynamo([done]);
  const make = () =>
    new FencedPersistenceLayer({ tableName: "records", awsSdkV3Client: client, ...options });

  expect(make).toThrow(expect.objectContaining({ code: "misconfigured" }));
  expect(make).toThrow(says);
});

test("a client that is none is refused, instead of one of another account being made", () => {
  const awsSdkV3Client = {} as ReturnType<typeof scriptedDynamo>["client"];

  expect(() => new FencedPersistenceLayer({ tableName: "records", awsSdkV3Client })).toThrow(
    "awsSdkV3Client has no `send`",
  );
});

test("records share one partition where the table has a sort key", async () => {
  const { client, requests } = scriptedDynamo([claimed, done]);
  const persistenceStore = new FencedPersistenceLayer({
    tableName: "records",
    awsSdkV3Client: client,
    keyAttr: "pk",
    sortKeyAttr: "sk",
    staticPkValue: "all",
  });
  const run = makeIdempotent(async (_order: string) => ({ done: true, cause: undefined }), {
    persistenceStore,
    keyPrefix: "pay",
    config: new IdempotencyConfig({}),
  });

  await run("order-1");

  const keys = requests.map((request) => request["Key"]);
  expect(keys).toEqual([keys[0], keys[0]]);
  expect(JSON.stringify(keys[0])).toMatch(/^\{"pk":\{"S":"all"\},"sk":\{"S":"pay#[^"]+"\}\}$/);
  expect(requests[1]).toMatchObject({
    ConditionExpression: "#owner = :owner AND #attempt = :attempt",
    ExpressionAttributeValues: { ":data": { M: { done: { BOOL: true } } } },
  });
});
