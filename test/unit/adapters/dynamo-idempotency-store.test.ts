// What the idempotency store makes of DynamoDB's answers, those included that a local cloud never
// gives.
import { expect, test } from "vitest";
import { dynamoIdempotencyStore } from "#adapters/aws/dynamodb/idempotency-store";
import { milliseconds } from "#kernel/units";
import { start } from "../../support/consumer-world.ts";
import {
  type Answer,
  brokenInside,
  done,
  refusedBy,
  scriptedDynamo,
} from "../../support/scripted-dynamo.ts";

const request = {
  key: "k",
  owner: "mine",
  payloadHash: "hash",
  leaseMs: milliseconds(1_000),
  keepMs: milliseconds(10_000),
};
const claim = { key: "k", owner: "mine", attempt: 1, leaseUntil: start };

const mine = {
  pk: { S: "k" },
  owner: { S: "mine" },
  attempt: { N: "1" },
  status: { S: "in-progress" },
  payloadHash: { S: "hash" },
  leaseUntil: { N: String(start + 1_000) },
  keepUntil: { N: String(start + 10_000) },
};

const standing = (item: Readonly<Record<string, unknown>>): Answer =>
  refusedBy("ConditionalCheckFailedException", { Item: item });

function over(...answers: readonly Answer[]) {
  const { client, requests } = scriptedDynamo(answers);
  return { store: dynamoIdempotencyStore({ client, table: "t" }), requests };
}

test("every write asks for the record that may stand against it", async () => {
  const { store, requests } = over(done);

  await store.claim(request, start);
  await store.complete(claim, "x", start);
  await store.release(claim);

  expect(requests).toHaveLength(3);
  for (const { ReturnValuesOnConditionCheckFailure, ConditionExpression } of requests) {
    expect(ReturnValuesOnConditionCheckFailure).toBe("ALL_OLD");
    expect(ConditionExpression).toBeTypeOf("string");
  }
});

test("every condition of claim and completion compares what expires with now", async () => {
  const { store, requests } = over(done);

  await store.claim(request, start);
  await store.claim({ ...request, rank: 1 }, start);
  await store.complete(claim, "x", start);

  const conditions = requests.map(({ ConditionExpression }) => String(ConditionExpression));
  expect(conditions.map((text) => /keepUntil (?:<=|>) :now/.test(text))).toEqual([
    true,
    true,
    true,
  ]);
  for (const { ExpressionAttributeValues } of requests) {
    expect(ExpressionAttributeValues).toMatchObject({ ":now": { N: String(start) } });
  }
});

test("a claim that the client repeated meets its own record, and needs no read", async () => {
  const { store, requests } = over(brokenInside, standing(mine));

  const answer = await store.claim(request, start);

  expect(answer).toMatchObject({ kind: "claimed", claim: { attempt: 1 }, follows: "itself" });
  expect(requests).toHaveLength(2);
});

test("a completion that the client repeated meets its own", async () => {
  const completed = {
    ...mine,
    status: { S: "completed" },
    doneOwner: { S: "mine" },
    doneAttempt: { N: "1" },
    doneHash: { S: "hash" },
    doneRank: { NULL: true },
    doneUntil: { N: String(start + 10_000) },
    doneResult: { S: "x" },
  };
  const { store } = over(brokenInside, standing(completed));

  expect(await store.complete(claim, "x", start)).toBe("completed");
});

test.for<[Answer, string]>([
  [brokenInside, "outcome-unknown"],
  [{ code: "ECONNRESET" }, "outcome-unknown"],
  [refusedBy("ResourceNotFoundException"), "store-unavailable"],
])("what DynamoDB says otherwise is told as it is: %o", async ([answer, code]) => {
  const { store } = over(answer);
  const failure = { code, action: "retry" };

  await expect(store.claim(request, start)).rejects.toMatchObject(failure);
  await expect(store.complete(claim, "x", start)).rejects.toMatchObject(failure);
  await expect(store.release(claim)).rejects.toMatchObject(failure);
  await expect(store.find("k", start)).rejects.toMatchObject(failure);
});

test.for(["owner", "attempt", "status", "payloadHash", "leaseUntil", "keepUntil"])(
  "an item without its %s is an error, and no effect is had for it",
  async (name) => {
    const { [name]: _, ...item } = mine as Readonly<Record<string, unknown>>;
    const { store } = over(standing(item));

    await expect(store.claim(request, start)).rejects.toMatchObject({
      code: "unexpected",
      action: "retry",
    });
  },
);

test("a record that should have let the claim in is an error, not a second effect", async () => {
  const { store } = over(standing({ ...mine, status: { S: "released" } }));

  await expect(store.claim(request, start)).rejects.toMatchObject({ action: "retry" });
});
