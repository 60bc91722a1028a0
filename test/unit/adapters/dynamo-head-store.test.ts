// What the head store makes of DynamoDB's answers, those included that a local cloud never gives.
import { expect, test } from "vitest";
import { appendWrites, dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { encodeHead, neverWritten, nextCommit } from "#messaging";
import { standingClock, start } from "../../support/consumer-world.ts";
import {
  type Answer,
  brokenInside,
  done,
  refusedBy,
  scriptedDynamo,
} from "../../support/scripted-dynamo.ts";
import { textWith } from "../../support/matching.ts";

const head = { ...neverWritten("a"), version: 1, last: 1, attemptId: "mine" };
const append = {
  kind: "append",
  commit: nextCommit("a", [], { events: [{ type: "x", data: {} }], recordedAt: start }),
} as const;

const canceled = (...codes: readonly string[]): Answer =>
  refusedBy("TransactionCanceledException", {
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

const conflict = canceled("TransactionConflict", "None");

function over(...answers: readonly Answer[]) {
  const { client, requests } = scriptedDynamo(answers);
  const writes = appendWrites("t");
  const clock = standingClock();
  const heads = dynamoHeadStore({ client, table: "t", consumer: "c", writes, clock });
  return { heads, requests, events: dynamoEventStore({ client, table: "t", newId: () => "mine" }) };
}

test("one item and no effects are one ordinary write", async () => {
  const { heads, requests } = over(done);

  await heads.commit({ head, writes: [] });

  expect(requests).toMatchObject([
    { ConditionExpression: "attribute_not_exists(pk)", Item: { pk: { S: "a" } } },
  ]);
});

test("a transaction that met another one is repeated until it is decided", async () => {
  const { heads, requests } = over(conflict, conflict, done);

  const answer = await heads.commit({ head, writes: [append] });

  expect(answer).toEqual({ kind: "committed" });
  expect(requests).toHaveLength(3);
});

test("a transaction that meets others again and again is given up as throttled", async () => {
  const { heads, requests } = over(conflict);

  const commit = heads.commit({ head, writes: [append] });

  await expect(commit).rejects.toMatchObject({ code: "store-throttled", action: "retry" });
  expect(requests).toHaveLength(4);
});

test("while somebody is on the head, a write's failed condition decides nothing", async () => {
  const { heads } = over(canceled("TransactionConflict", "ConditionalCheckFailed"), done);

  expect(await heads.commit({ head, writes: [append] })).toEqual({ kind: "committed" });
});

test("a failed condition of a write refuses", async () => {
  const { heads } = over(canceled("None", "ConditionalCheckFailed"));

  expect(await heads.commit({ head, writes: [append] })).toEqual({ kind: "refused" });
});

test("a transaction that is refused for another reason is an error that may pass", async () => {
  const { heads } = over(canceled("ValidationError", "None"));

  const commit = heads.commit({ head, writes: [append] });

  await expect(commit).rejects.toMatchObject({ code: "store-unavailable", action: "retry" });
});

const fencedBy = (attemptId: string): Answer =>
  refusedBy("ConditionalCheckFailedException", {
    Item: {
      pk: { S: "a" },
      sk: { S: "head#c" },
      version: { N: "1" },
      head: { S: encodeHead({ ...head, attemptId }) },
    },
  });

test("a repetition of the client's own that its first attempt fences is committed", async () => {
  const { heads, requests } = over(brokenInside, fencedBy("mine"));

  expect(await heads.commit({ head, writes: [] })).toEqual({ kind: "committed" });
  expect(requests).toHaveLength(2);
});

test("when it is fenced by somebody else's, it is fenced", async () => {
  const { heads } = over(brokenInside, fencedBy("theirs"));

  expect(await heads.commit({ head, writes: [] })).toEqual({
    kind: "fenced",
    current: { ...head, attemptId: "theirs" },
  });
});

test("a head that fences but cannot be read is an error, not an empty head", async () => {
  const torn = refusedBy("ConditionalCheckFailedException", { Item: { pk: { S: "a" } } });
  const { heads } = over(torn);

  const commit = heads.commit({ head, writes: [] });

  await expect(commit).rejects.toMatchObject({ message: textWith('stream "a"') });
});

const standing = (attempt: string): Answer =>
  refusedBy("ConditionalCheckFailedException", {
    Item: appendWrites("t").action(append, attempt).Put?.Item,
  });

test("an append whose answer was lost and which meets its own commit is appended", async () => {
  const { events } = over(brokenInside, standing("mine"));

  expect(await events.append(append.commit)).toEqual({ kind: "appended" });
});

test("an equal commit of somebody else exists, it was not appended", async () => {
  const { events } = over(standing("theirs"));

  expect(await events.append(append.commit)).toEqual({ kind: "exists", commit: append.commit });
});
