/**
 * The queue for what a consumer can never apply: the record as it came, with the cause beside it.
 */
import {
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { Failure } from "#kernel/failure";
import { sha256Hex } from "#kernel/hash";
import type { DeadLetters } from "#messaging";
import { attributeText, isMessageGroup, startWithin } from "./queue-texts.ts";

/**
 * The body together with the names, types and values of its attributes.
 * Source: API_MessageAttributeValue; "Amazon SQS message quotas".
 */
const MESSAGE_BYTES_MAX = 1_048_576;

const ATTRIBUTE_CHARACTERS_MAX = 1_024;

/** Where a record goes whose own group SQS would not take. */
const GROUP_OF_NONE = "without-group";

export type DeadLettersProps = {
  readonly client: SQSClient;
  /** A FIFO queue. */
  readonly queueUrl: string;
};

/**
 * The body is sent whole, whatever its size: where it leaves too little room beside it, the cause
 * is cut to what fits, and the record's id left out. Errors: `store-unavailable` (retry).
 */
export const sqsDeadLetters = ({ client, queueUrl }: DeadLettersProps): DeadLetters => ({
  async bury({ receiptId, group, body }, cause) {
    const command = new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: body,
      // Its own group, so that a redrive through the same consumer finds it where it belongs.
      MessageGroupId: isMessageGroup(group) ? group : GROUP_OF_NONE,
      // A delivery that is buried twice, since its first answer was lost, is there once.
      MessageDeduplicationId: sha256Hex(`${receiptId} ${body}`),
      MessageAttributes: attributesBeside(body, { cause, receiptId }),
    });
    await client.send(command).catch((error: unknown) => {
      const message = `Message ${receiptId} could not be put into the dead-letter queue.`;
      throw new Failure("store-unavailable", "retry", message, { cause: error });
    });
  },
});

type Attributes = Record<string, MessageAttributeValue>;

const DATA_TYPE = "String";

function attributesBeside(
  body: string,
  { cause, receiptId }: { readonly cause: string; readonly receiptId: string },
): Attributes {
  const attributes: Attributes = {};
  let room = MESSAGE_BYTES_MAX - utf8Bytes(body);
  const add = (name: string, text: string, mayBeCut: boolean): void => {
    const frame = utf8Bytes(name) + utf8Bytes(DATA_TYPE);
    const whole = attributeText(text, ATTRIBUTE_CHARACTERS_MAX);
    const fitting = startWithin(whole, room - frame);
    if (fitting === "" || (fitting !== whole && !mayBeCut)) return;
    attributes[name] = { DataType: DATA_TYPE, StringValue: fitting };
    room -= frame + utf8Bytes(fitting);
  };
  add("cause", cause, true);
  // A part of an id names nothing.
  add("receiptId", receiptId, false);
  return attributes;
}

const utf8Bytes = (text: string): number => Buffer.byteLength(text, "utf8");
