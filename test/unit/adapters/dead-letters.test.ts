// A body of any size that a queue can hold is buried whole, with as much of its cause as fits.
import type { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { sqsDeadLetters } from "#adapters/aws/sqs/dead-letters";

const LIMIT = 1_048_576;

/** What an attribute takes beside its value. */
const CAUSE_FRAME = "causeString".length;
const RECEIPT_FRAME = "receiptIdString".length;
const RECEIPT_ID = "19dd0b57-b21e-4ac1-bd88-01bbb068cb78";

/** Counts as SQS does, and refuses as it does (SendMessage, "MessageBody"). */
function queue() {
  const sent: SendMessageCommand["input"][] = [];
  const client = {
    async send({ input }: SendMessageCommand) {
      const parts = Object.entries(input.MessageAttributes ?? {}).flatMap(
        ([name, { DataType = "", StringValue = "" }]) => [name, DataType, StringValue],
      );
      if (parts.includes("")) throw new Error("InvalidParameterValue: an empty attribute");
      const texts = [input.MessageBody ?? "", ...parts];
      const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      if (bytes > LIMIT) throw new Error(`InvalidParameterValue: ${bytes} bytes`);
      sent.push(input);
      return {};
    },
  } as unknown as SQSClient;
  return { sent, deadLetters: sqsDeadLetters({ client, queueUrl: "q" }) };
}

async function buried(bodyBytes: number, cause: string) {
  const { sent, deadLetters } = queue();
  const body = "x".repeat(bodyBytes);
  await deadLetters.bury({ receiptId: RECEIPT_ID, group: "a", body }, cause);
  const [letter] = sent;
  expect(letter?.MessageBody === body).toBe(true);
  return {
    cause: letter?.MessageAttributes?.["cause"]?.StringValue,
    receiptId: letter?.MessageAttributes?.["receiptId"]?.StringValue,
  };
}

const CAUSE = "malformed: the body must be one JSON object";
const BOTH = CAUSE_FRAME + CAUSE.length + RECEIPT_FRAME + RECEIPT_ID.length;

test.for([
  ["both fit to the byte", BOTH, { cause: CAUSE, receiptId: RECEIPT_ID }],
  ["no room for the whole id", BOTH - 1, { cause: CAUSE }],
  ["room for the cause alone", CAUSE_FRAME + CAUSE.length, { cause: CAUSE }],
  ["room for most of the cause", CAUSE_FRAME + CAUSE.length - 1, { cause: CAUSE.slice(0, -1) }],
  ["room for one character", CAUSE_FRAME + 1, { cause: "m" }],
  ["room for no character", CAUSE_FRAME, {}],
  ["no room at all", 0, {}],
] as const)("%s", async ([, room, kept]) => {
  const { cause, receiptId } = await buried(LIMIT - room, CAUSE);

  expect({ cause, receiptId }).toEqual({ cause: undefined, receiptId: undefined, ...kept });
});

test("a cause of long characters is cut between them", async () => {
  const { cause } = await buried(LIMIT - CAUSE_FRAME - 6, "é😀é");

  expect(cause).toBe("é😀");
  expect((await buried(LIMIT - CAUSE_FRAME - 5, "é😀é")).cause).toBe("é");
});

test("whatever room there is, it is sent", async () => {
  for (let room = CAUSE_FRAME + 2; room <= 1_200; room += 7) {
    const { cause } = await buried(LIMIT - room, "é😀\u0000".repeat(500));

    expect(cause).toMatch(/^é/);
  }
});

test("a small body has its cause up to 1,024 characters, and its id", async () => {
  const { cause, receiptId } = await buried(10, "x".repeat(5_000));

  expect(cause).toBe("x".repeat(1_024));
  expect(receiptId).toBe(RECEIPT_ID);
});
