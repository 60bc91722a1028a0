/**
 * Moves dead letters back to the queue that their consumer reads. The same as SQS's own
 * StartMessageMoveTask but for two things: it works wherever SQS is imitated, and it says what it
 * moved. A consumer that drops duplicates and keeps order takes any redrive at any time.
 */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { Failure } from "#kernel/failure";
import { sha256Hex } from "#kernel/hash";
import type { NewId } from "#kernel/ids";

export type RedriveProps = {
  readonly client: SQSClient;
  /** Both are FIFO queues. */
  readonly from: string;
  readonly to: string;
  /** Makes each move its own: SQS would drop a second one within five minutes. */
  readonly newId: NewId;
  /** At most so many messages. 1 or more. */
  readonly limit: number;
  /** Seconds for which a message that is being moved is hidden from others. Default 60. */
  readonly visibilityTimeoutSeconds?: number;
};

export type Moved = { readonly group: string; readonly cause: string | undefined };

/**
 * Answers what was moved, in order. One at a time and deleted only when it has arrived, so that a
 * crash moves a message twice rather than never, and a group keeps its order. What the consumer
 * buries again meanwhile stays where it is.
 *
 * Errors: `store-unavailable` (retry): what was moved stays moved, the rest is where it was.
 */
export async function redrive(props: RedriveProps): Promise<readonly Moved[]> {
  const moved: Moved[] = [];
  const seen = new Set<string>();
  while (moved.length < props.limit) {
    const letters = await received(props, Math.min(RECEIVE_MAX, props.limit - moved.length));
    const [fresh, again] = parted(letters, seen);
    for (const letter of fresh) moved.push(await move(props, letter));
    await Promise.all(again.map((letter) => shown(props, letter)));
    if (fresh.length === 0) break;
  }
  return moved;
}

/** A letter that this run has moved already was buried again: to move it would have no end. */
function parted(
  letters: readonly Message[],
  seen: Set<string>,
): readonly [fresh: readonly Message[], again: readonly Message[]] {
  const fresh: Message[] = [];
  const again: Message[] = [];
  for (const letter of letters) {
    const content = sha256Hex(JSON.stringify([letter.Attributes?.MessageGroupId, letter.Body]));
    (seen.has(content) ? again : fresh).push(letter);
    seen.add(content);
  }
  return [fresh, again];
}

/** Source: API_ReceiveMessage, MaxNumberOfMessages. */
const RECEIVE_MAX = 10;
const VISIBILITY_TIMEOUT_SECONDS = 60;

async function received(
  { client, from, visibilityTimeoutSeconds }: RedriveProps,
  count: number,
): Promise<readonly Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: from,
    MaxNumberOfMessages: count,
    VisibilityTimeout: visibilityTimeoutSeconds ?? VISIBILITY_TIMEOUT_SECONDS,
    MessageAttributeNames: ["cause"],
    MessageSystemAttributeNames: ["MessageGroupId"],
  });
  const { Messages = [] } = await client.send(command).catch(unavailable);
  return Messages;
}

/** Hidden no longer, so that its group is not held up. */
async function shown({ client, from }: RedriveProps, { ReceiptHandle }: Message): Promise<void> {
  const command = new ChangeMessageVisibilityCommand({
    QueueUrl: from,
    ReceiptHandle,
    VisibilityTimeout: 0,
  });
  await client.send(command).catch(unavailable);
}

async function move({ client, from, to, newId }: RedriveProps, letter: Message): Promise<Moved> {
  const { Body: body, ReceiptHandle: receipt, Attributes, MessageAttributes } = letter;
  const group = Attributes?.MessageGroupId;
  if (body === undefined || receipt === undefined || group === undefined) {
    throw new Failure("unexpected", "halt", `SQS gave a message without its parts: ${from}`);
  }
  await client
    .send(
      new SendMessageCommand({
        QueueUrl: to,
        MessageBody: body,
        MessageGroupId: group,
        MessageDeduplicationId: newId(),
      }),
    )
    .catch(unavailable);
  await client
    .send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle: receipt }))
    .catch(unavailable);
  return { group, cause: MessageAttributes?.["cause"]?.StringValue };
}

function unavailable(error: unknown): never {
  const message = "A queue did not answer while dead letters were moved; move the rest again.";
  throw new Failure("store-unavailable", "retry", message, { cause: error });
}
