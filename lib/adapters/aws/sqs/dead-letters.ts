/**
 * The queue for what a consumer can never apply: the record as it came, with the cause beside it.
 */
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { Failure } from "#kernel/failure";
import { sha256Hex } from "#kernel/hash";
import type { DeadLetters } from "#messaging";

/** An attribute's text; longer causes are cut. */
const CAUSE_CHARACTERS_MAX = 1_024;
/** Characters that SQS allows in an attribute, a group and a deduplication id. */
const GROUP = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;

export function sqsDeadLetters({
  client,
  queueUrl,
}: {
  readonly client: SQSClient;
  /** A FIFO queue. */
  readonly queueUrl: string;
}): DeadLetters {
  return {
    async bury(record, cause) {
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: record.body === "" ? " " : record.body,
        MessageGroupId: GROUP.test(record.group) ? record.group : "unknown",
        // The same delivery may be buried twice after a lost answer; once is enough.
        MessageDeduplicationId: sha256Hex(`${record.receiptId} ${record.body}`),
        MessageAttributes: {
          cause: {
            DataType: "String",
            StringValue: (cause || "unknown").slice(0, CAUSE_CHARACTERS_MAX),
          },
        },
      });
      await client.send(command).catch((error: unknown) => {
        const message = "The message could not be put into the dead-letter queue.";
        throw new Failure("store-unavailable", "retry", message, { cause: error });
      });
    },
  };
}
