/**
 * A consumer behind a relay: its position in its own table, and the queue that brings it events.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import type { Reader } from "#messaging";

type Place = Pick<Reader, "types"> & { readonly table: string; readonly queueUrl: string };

export const readerOf = (consumer: string, { table, queueUrl, types }: Place): Reader => ({
  heads: dynamoHeadStore({ client: dynamoClient(), table, consumer, writes: noWrites }),
  sender: sqsFifoSender({ client: sqsClient(), queueUrl }),
  types,
});
