/**
 * Sends to a SQS FIFO queue, in order within each group, also when only some entries of a batch are accepted.
 */
import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { Failure } from "#kernel/failure";
import type { FifoSender, OutgoingMessage } from "#messaging";

/** Quotas: 10 entries and 1 MiB a batch ("Amazon SQS message quotas"). */
const ENTRIES_MAX = 10;
const BATCH_BYTES_MAX = 1_048_576;
const ROUNDS_MAX = 5;

type Entry = { readonly message: OutgoingMessage; readonly body: string; readonly bytes: number };

export function sqsFifoSender({
  client,
  queueUrl,
}: {
  readonly client: SQSClient;
  readonly queueUrl: string;
}): FifoSender {
  /** The entries that were not accepted, or must not stand because an earlier one of their group was not. */
  const sendBatch = async (batch: readonly Entry[]): Promise<readonly Entry[]> => {
    const command = new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: batch.map(({ message, body }, index) => ({
        Id: String(index),
        MessageBody: body,
        MessageGroupId: message.group,
        MessageDeduplicationId: message.deduplicationId,
      })),
    });
    const { Failed } = await client.send(command).catch((error: unknown) => {
      throw unavailable("gave no answer", error);
    });
    const failed = new Set((Failed ?? []).map(({ Id }) => Number(Id)));
    const stopped = new Set<string>();
    return batch.filter(({ message }, index) => {
      if (failed.has(index)) stopped.add(message.group);
      return stopped.has(message.group);
    });
  };

  return {
    async send(messages) {
      for (const batch of batches(messages.map(entry))) {
        let rest: readonly Entry[] = batch;
        for (let round = 0; rest.length > 0; round += 1) {
          if (round === ROUNDS_MAX) throw unavailable(`refused ${rest.length} messages`);
          rest = await sendBatch(rest);
        }
      }
    },
  };
}

function entry(message: OutgoingMessage): Entry {
  const body = JSON.stringify(message.envelope);
  return { message, body, bytes: Buffer.byteLength(body) };
}

function* batches(entries: readonly Entry[]): Generator<readonly Entry[]> {
  let batch: Entry[] = [];
  let bytes = 0;
  for (const next of entries) {
    if (batch.length === ENTRIES_MAX || bytes + next.bytes > BATCH_BYTES_MAX) {
      if (batch.length > 0) yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(next);
    bytes += next.bytes;
  }
  if (batch.length > 0) yield batch;
}

const unavailable = (what: string, cause?: unknown): Failure =>
  new Failure("store-unavailable", "retry", `The FIFO queue ${what}.`, { cause });
