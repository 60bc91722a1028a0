/**
 * The queue for what a consumer can never apply: the record as it came, with the cause beside it.
 */
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { Failure } from "#kernel/failure";
import { sha256Hex } from "#kernel/hash";
import type { DeadLetters } from "#messaging";
import { attributeText, isMessageGroup } from "./queue-texts.ts";

const CAUSE_CHARACTERS_MAX = 1_024;

/** Where a record goes whose own group SQS would not take. */
const GROUP_OF_NONE = "without-group";

export type DeadLettersProps = {
  readonly client: SQSClient;
  /** A FIFO queue. */
  readonly queueUrl: string;
};

/** Errors: `store-unavailable` (retry). */
export const sqsDeadLetters = ({ client, queueUrl }: DeadLettersProps): DeadLetters => ({
  async bury({ receiptId, group, body }, cause) {
    const command = new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: body,
      // Its own group, so that a redrive through the same consumer finds it where it belongs.
      MessageGroupId: isMessageGroup(group) ? group : GROUP_OF_NONE,
      // A delivery that is buried twice, since its first answer was lost, is there once.
      MessageDeduplicationId: sha256Hex(`${receiptId} ${body}`),
      MessageAttributes: {
        cause: attribute(attributeText(cause, CAUSE_CHARACTERS_MAX)),
        receiptId: attribute(attributeText(receiptId, CAUSE_CHARACTERS_MAX)),
      },
    });
    await client.send(command).catch((error: unknown) => {
      const message = `Message ${receiptId} could not be put into the dead-letter queue.`;
      throw new Failure("store-unavailable", "retry", message, { cause: error });
    });
  },
});

const attribute = (text: string) => ({ DataType: "String", StringValue: text });
