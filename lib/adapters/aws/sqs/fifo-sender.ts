/**
 * Sends to an SQS FIFO queue, in order within each group as far as a queue that accepts only some
 * entries of a batch lets it.
 */
import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type Clock, systemClock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { encode, type FifoSender, type OutgoingMessage } from "#messaging";
import { backOff } from "../backoff.ts";
import { requestBatches } from "../request-batches.ts";
import { deduplicationId, isMessageGroup } from "./queue-texts.ts";

/** Source: "Amazon SQS message quotas". */
const BATCH = { entriesMax: 10, bytesMax: 1_048_576 } as const;
const ROUNDS_MAX = 5;

export type FifoSenderProps = {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** For the pauses between rounds. Default: the system's. */
  readonly clock?: Clock;
};

type Entry = {
  readonly group: string;
  readonly deduplicationId: string;
  readonly body: string;
  readonly bytes: number;
};

export function sqsFifoSender({
  client,
  queueUrl,
  clock = systemClock,
}: FifoSenderProps): FifoSender {
  const request = async (batch: readonly Entry[]): Promise<readonly BatchResultErrorEntry[]> => {
    const command = new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: batch.map((entry, index) => ({
        Id: String(index),
        MessageBody: entry.body,
        MessageGroupId: entry.group,
        MessageDeduplicationId: entry.deduplicationId,
      })),
    });
    const { Failed } = await client.send(command).catch((error: unknown) => {
      throw unavailable("did not answer", error);
    });
    return Failed ?? [];
  };

  return {
    async send(messages) {
      // The next batch waits for this one: a group may go on in it.
      for (const batch of requestBatches(messages.map(entryOf), BATCH)) {
        let rest = batch;
        for (let round = 0; rest.length > 0; round += 1) {
          const failed = await request(rest);
          rest = toSendAgain(rest, failed);
          if (rest.length === 0) break;
          if (round === ROUNDS_MAX - 1) throw unavailable(refusal(rest.length, failed));
          await backOff(clock, round);
        }
      }
    },
  };
}

/**
 * The failed entries. What was accepted behind them stands before them for good: to send it again
 * would do nothing, as its deduplication id drops it.
 */
function toSendAgain(
  batch: readonly Entry[],
  failed: readonly BatchResultErrorEntry[],
): readonly Entry[] {
  const fault = failed.find(({ SenderFault, Code }) => SenderFault === true && !isPassing(Code));
  if (fault !== undefined) throw neverAccepted(fault);
  const failedIds = new Set(failed.map(({ Id }) => Id));
  return batch.filter((_, index) => failedIds.has(String(index)));
}

/** SQS counts a throttled caller as the one at fault. */
const isPassing = (code: string | undefined): boolean => /throttl/i.test(code ?? "");

function entryOf(message: OutgoingMessage): Entry {
  const { group } = message;
  if (!isMessageGroup(group)) {
    const rule = "1 to 128 letters, digits or ASCII punctuation marks";
    const text = `A message group has ${rule}; received ${JSON.stringify(group)}.`;
    throw new Failure("malformed-message", "reject", text);
  }
  const body = encode(message.envelope);
  return {
    group,
    deduplicationId: deduplicationId(message.deduplicationId),
    body,
    bytes: Buffer.byteLength(body, "utf8"),
  };
}

const refusal = (count: number, [first]: readonly BatchResultErrorEntry[]): string =>
  `refused ${count} messages ${ROUNDS_MAX} times, at last with ${first?.Code}: ${first?.Message}`;

const neverAccepted = ({ Code, Message }: BatchResultErrorEntry): Failure =>
  new Failure("malformed-message", "reject", `The FIFO queue never takes it: ${Code}, ${Message}.`);

const unavailable = (what: string, cause?: unknown): Failure =>
  new Failure("store-unavailable", "retry", `The FIFO queue ${what}.`, { cause });
