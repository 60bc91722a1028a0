// What a DynamoDB stream hears from its reader: from where to read again.
import type { DynamoDBRecord } from "aws-lambda";
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import { type StreamFunction, streamFunction } from "#runtime/stream-function";
import { countedSurroundings, lambdaContext } from "../../support/gateway-event.ts";

const record = (SequenceNumber: string): DynamoDBRecord => ({
  eventName: "INSERT",
  dynamodb: { SequenceNumber },
});

const read = (forward: StreamFunction["forward"]) =>
  streamFunction({ service: "outbox", forward }, countedSurroundings(0 as EpochMs))(
    { Records: [record("1"), record("2")] },
    lambdaContext(),
  );

test("records are forwarded in order and nothing is read again", async () => {
  const seen: (string | undefined)[] = [];

  const answer = await read(async (records) => {
    seen.push(...records.map(({ dynamodb }) => dynamodb?.SequenceNumber));
    return {};
  });

  expect(answer).toEqual({ batchItemFailures: [] });
  expect(seen).toEqual(["1", "2"]);
});

test("reading goes on again from the first record that failed", async () => {
  const answer = await read(async () => ({ failedSequenceNumber: "2" }));

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "2" }] });
});

test("after an unexpected error everything is read again, and nothing is thrown", async () => {
  const answer = await read(() => Promise.reject(new Error("a bug")));

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "1" }] });
});
