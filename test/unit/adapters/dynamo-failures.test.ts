// What an error of DynamoDB means for what was written, over the SDK's own repetitions.
import {
  ConditionalCheckFailedException,
  PutItemCommand,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { storeFailure } from "#adapters/aws/dynamodb/failures";
import { Failure } from "#kernel/failure";
import {
  type Answer,
  brokenInside,
  done,
  refusedBy,
  scriptedDynamo,
} from "../../support/scripted-dynamo.ts";

const throttled = refusedBy("ThrottlingException");
const refused = refusedBy("ValidationException");

/** Of a call that the SDK attempts as often as there are answers. */
async function failureOf(...answers: readonly Answer[]): Promise<Failure | undefined> {
  const { client } = scriptedDynamo(answers, answers.length);
  try {
    await client.send(new PutItemCommand({ TableName: "t", Item: { pk: { S: "a" } } }));
    return undefined;
  } catch (error) {
    return storeFailure(error);
  }
}

test.for([
  ["ThrottlingException", "store-throttled"],
  ["ProvisionedThroughputExceededException", "store-throttled"],
  ["RequestLimitExceeded", "store-throttled"],
  ["TransactionConflictException", "store-throttled"],
  ["ValidationException", "store-unavailable"],
  ["ResourceNotFoundException", "store-unavailable"],
  ["AccessDeniedException", "store-unavailable"],
  ["TransactionInProgressException", "outcome-unknown"],
] as const)("%s is %s, and may pass", async ([name, code]) => {
  const failure = await failureOf(refusedBy(name));

  expect(failure).toMatchObject({ code, action: "retry" });
});

test.for(["ECONNRESET", "EPIPE", "ETIMEDOUT"])("%s after sending is unknown", async (code) => {
  expect(await failureOf({ code })).toMatchObject({ code: "outcome-unknown" });
});

test("a connection that was never made wrote nothing", async () => {
  expect(await failureOf({ code: "ECONNREFUSED" })).toMatchObject({ code: "store-unavailable" });
});

test("a fault of the service's own is unknown", async () => {
  expect(await failureOf(brokenInside)).toMatchObject({ code: "outcome-unknown" });
});

test.for([
  ["a broken connection", { code: "ECONNRESET" }],
  ["a fault of the service", brokenInside],
] as const)("%s, then throttled: the first may have been written", async ([, first]) => {
  expect(await failureOf(first, throttled)).toMatchObject({ code: "outcome-unknown" });
});

test("never connected, however often: nothing was written", async () => {
  const unreachable = { code: "ECONNREFUSED" };

  expect(await failureOf(unreachable, unreachable, unreachable)).toMatchObject({
    code: "store-unavailable",
  });
});

test("one call's lost answer says nothing about the next call", async () => {
  const { client } = scriptedDynamo([{ code: "ECONNRESET" }, done, refused]);
  const put = () => client.send(new PutItemCommand({ TableName: "t", Item: { pk: { S: "a" } } }));
  await put();

  const failure = await put().catch(storeFailure);

  expect(failure).toMatchObject({ code: "store-unavailable" });
});

test("a failure that is one already stays as it is", () => {
  const failure = new Failure("conflict", "halt", "already told");

  expect(storeFailure(failure)).toBe(failure);
});

test("what stands in the table is not in the error, which gets into logs", () => {
  const Item = { card: { S: "4111111111111111" } };
  const reason = { Code: "ConditionalCheckFailed", Message: "no", Item };
  const $metadata = {};
  const errors = [
    new ConditionalCheckFailedException({ message: "no", $metadata, Item }),
    new TransactionCanceledException({
      message: "no",
      $metadata,
      CancellationReasons: [{ Code: "None" }, reason],
    }),
  ].map((error) => storeFailure(error).cause);

  expect(JSON.stringify(errors)).not.toContain("4111");
  expect(errors[1]).toMatchObject({
    CancellationReasons: [{ Code: "None" }, { Code: "ConditionalCheckFailed", Message: "no" }],
  });
});
