// What the stores of locks and records make of DynamoDB's answers, those included that a local
// cloud never gives.
import { expect, test } from "vitest";
import { dynamoLockStore } from "#adapters/aws/dynamodb/lock-store";
import { dynamoRecordStore } from "#adapters/aws/dynamodb/record-store";
import { type EpochMs, later, seconds } from "#kernel/units";
import { start } from "../../support/consumer-world.ts";
import {
  type Answer,
  brokenInside,
  refusedBy,
  scriptedDynamo,
} from "../../support/scripted-dynamo.ts";

const lasting = seconds(10);
const until = later(start, lasting);
const lease = { name: "l", owner: "mine", token: 7, until };

const itemOf = (owner: string, token: number, end: EpochMs) => ({
  owner: { S: owner },
  token: { N: String(token) },
  until: { N: String(end) },
});

const refusedFor = (item: Readonly<Record<string, unknown>>): Answer =>
  refusedBy("ConditionalCheckFailedException", { Item: item });

const throttled = refusedBy("ProvisionedThroughputExceededException");
const reset: Answer = { code: "ECONNRESET" };

function locksOver(...answers: readonly Answer[]) {
  const { client, requests } = scriptedDynamo(answers);
  return { locks: dynamoLockStore({ client, table: "t" }), requests };
}

function recordsOver(...answers: readonly Answer[]) {
  const { client, requests } = scriptedDynamo(answers);
  return { records: dynamoRecordStore({ client, table: "t", kind: "k" }), requests };
}

test("a repeated acquisition that meets its own first one has that one's token", async () => {
  const { locks, requests } = locksOver(brokenInside, refusedFor(itemOf("mine", 7, until)));

  const answer = await locks.acquire("l", "mine", start, lasting);

  expect(answer).toEqual({ kind: "granted", lease });
  expect(requests).toHaveLength(2);
});

test("a repeated acquisition that meets another's is held", async () => {
  const { locks } = locksOver(brokenInside, refusedFor(itemOf("other", 8, until)));

  expect(await locks.acquire("l", "mine", start, lasting)).toEqual({ kind: "held", until });
});

test("an extension that is refused by a later one of the same lease stands", async () => {
  const further = later(until, lasting);
  const { locks } = locksOver(refusedFor(itemOf("mine", 7, further)));

  expect(await locks.extend(lease, start, lasting)).toEqual({ ...lease, until: further });
});

test.for([
  [
    "acquire",
    (locks: ReturnType<typeof dynamoLockStore>) => locks.acquire("l", "m", start, lasting),
  ],
  ["extend", (locks: ReturnType<typeof dynamoLockStore>) => locks.extend(lease, start, lasting)],
  ["release", (locks: ReturnType<typeof dynamoLockStore>) => locks.release(lease)],
  ["find", (locks: ReturnType<typeof dynamoLockStore>) => locks.find("l")],
] as const)("%s tells throttled from unknown", async ([, act]) => {
  const slow = { code: "store-throttled", action: "retry" };
  const lost = { code: "outcome-unknown", action: "retry" };

  await expect(act(locksOver(throttled).locks)).rejects.toMatchObject(slow);
  await expect(act(locksOver(reset).locks)).rejects.toMatchObject(lost);
  await expect(act(locksOver(reset, throttled).locks)).rejects.toMatchObject(lost);
});

test("a lock whose item lacks its token is an error, never token 1", async () => {
  const { locks } = locksOver(refusedFor({ owner: { S: "other" }, until: { N: "1" } }));

  await expect(locks.acquire("l", "mine", start, lasting)).rejects.toMatchObject({
    code: "unexpected",
    action: "retry",
  });
});

const record = { version: 2, changeId: "mine", data: { at: 2 } };
const stored = (changeId: string) => ({
  version: { N: "2" },
  changeId: { S: changeId },
  data: { S: '{"at":2}' },
});

test("a repeated write that meets its own first one is written", async () => {
  const { records } = recordsOver(brokenInside, refusedFor(stored("mine")));

  expect(await records.write("r", record)).toEqual({ kind: "written" });
});

test("a repeated write that meets another's is refused", async () => {
  const { records } = recordsOver(brokenInside, refusedFor(stored("other")));

  const current = { ...record, changeId: "other" };
  expect(await records.write("r", record)).toEqual({ kind: "refused", current });
});

test("a write of a record tells throttled from unknown", async () => {
  const slow = { code: "store-throttled", action: "retry" };
  const lost = { code: "outcome-unknown", action: "retry" };

  await expect(recordsOver(throttled).records.write("r", record)).rejects.toMatchObject(slow);
  await expect(recordsOver(reset).records.write("r", record)).rejects.toMatchObject(lost);
  await expect(recordsOver(reset).records.read("r")).rejects.toMatchObject(lost);
});
