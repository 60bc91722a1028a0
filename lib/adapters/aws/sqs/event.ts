/**
 * Between Lambda's vocabulary for SQS and the library's.
 */
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { QueueRecord } from "#messaging";

/** A record without a message group cannot come from a FIFO queue; its group is then empty and matches no stream. */
export const queueRecords = (event: SQSEvent): QueueRecord[] =>
  event.Records.map(({ messageId, body, attributes }) => ({
    receiptId: messageId,
    group: attributes.MessageGroupId ?? "",
    body,
  }));

/**
 * Never undefined, never a name that SQS did not give: both would be read as something else ("Reporting batch item
 * failures for Lambda functions with an Amazon SQS trigger").
 */
export const batchResponse = (notDurable: readonly string[]): SQSBatchResponse => ({
  batchItemFailures: notDurable.map((itemIdentifier) => ({ itemIdentifier })),
});
