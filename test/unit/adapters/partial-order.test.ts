// What order a FIFO queue holds when it accepts a request only in part, and what a reader makes of
// it.
import type { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { fifoQueue } from "#simulation/fifo-queue";
import { consumerWorld, envelope, standingClock, unhurried } from "../../support/consumer-world.ts";

const NOW = 0;

/** A queue behind an SQS that refuses these entries of its first request, or of its second. */
function queueRefusing(...refused: readonly (readonly string[])[]) {
  const queue = fifoQueue({ visibilityMs: 60_000 });
  let requests = 0;
  const client = {
    async send({ input: { Entries = [] } }: SendMessageBatchCommand) {
      const ids = refused[requests] ?? [];
      requests += 1;
      const isRefused = (id = ""): boolean => ids.includes(id);
      for (const entry of Entries) {
        const { MessageBody: body = "", MessageGroupId: group = "" } = entry;
        const { MessageDeduplicationId: deduplicationId = "" } = entry;
        if (!isRefused(deduplicationId)) queue.send({ body, group, deduplicationId }, NOW);
      }
      return {
        Failed: Entries.filter(({ MessageDeduplicationId: id }) => isRefused(id)).map(({ Id }) => ({
          Id,
          Code: "InternalError",
          SenderFault: false,
        })),
      };
    },
  } as unknown as SQSClient;
  return { queue, sender: sqsFifoSender({ client, queueUrl: "q", clock: standingClock() }) };
}

const messages = (stream: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    envelope: envelope(stream, index + 1),
    group: stream,
    deduplicationId: `${stream}#${index + 1}`,
  }));

const sequences = (queue: ReturnType<typeof fifoQueue>, stream: string): readonly number[] =>
  queue
    .contents(NOW)
    .filter(({ group }) => group === stream)
    .map(({ body }) => (JSON.parse(body) as { readonly sequence: number }).sequence);

test("what was refused stands behind what its request was accepted with, in order", async () => {
  const { queue, sender } = queueRefusing(["a#1", "a#3", "b#2"]);

  await sender.send([...messages("a", 4), ...messages("b", 3)]);

  expect(sequences(queue, "a")).toEqual([2, 4, 1, 3]);
  expect(sequences(queue, "b")).toEqual([1, 3, 2]);
});

test("nothing of a later request stands before an earlier one", async () => {
  const { queue, sender } = queueRefusing(["a#1"], ["a#1"]);

  await sender.send(messages("a", 12));

  expect(sequences(queue, "a")).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 11, 12]);
});

test("one message a call keeps the order whatever is refused", async () => {
  const { queue, sender } = queueRefusing(["a#1"], ["a#1"], [], ["a#2"]);

  for (const message of messages("a", 3)) await sender.send([message]);

  expect(sequences(queue, "a")).toEqual([1, 2, 3]);
});

test("an ordered consumer applies it in order, and nothing went against the order", async () => {
  const { queue, sender } = queueRefusing(["a#1", "a#3"]);
  const world = consumerWorld();
  const consumer = world.sandbox();
  await sender.send(messages("a", 4));

  for (const { messageId, body, group } of queue.receive(10, NOW)) {
    const record = { receiptId: messageId, group, body };
    expect(await consumer.consume([record], unhurried)).toMatchObject({ notDurable: [] });
  }

  expect(await world.applied("a")).toEqual([1, 2, 3, 4]);
  expect(await world.audit("a")).toEqual([]);
  expect(world.deadLetters.buried).toEqual([]);
});
