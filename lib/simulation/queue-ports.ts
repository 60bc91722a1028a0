/**
 * The library's ways into a queue, over the model of one.
 */
import { type DeadLetters, encode, type FifoSender } from "#messaging";
import type { FifoQueue } from "./fifo-queue.ts";

type Place = { readonly queue: FifoQueue; readonly now: () => number };

export const queueSender = ({ queue, now }: Place): FifoSender => ({
  async send(messages) {
    // All are checked before the first is sent, as a call that can never succeed sends nothing.
    const bodies = messages.map(({ envelope }) => encode(envelope));
    for (const [index, { group, deduplicationId }] of messages.entries()) {
      queue.send({ body: bodies[index] ?? "", group, deduplicationId }, now());
    }
  },
});

/** A delivery that is buried twice is there once, as in the AWS adapter. */
export const queueDeadLetters = ({ queue, now }: Place): DeadLetters => ({
  async bury({ receiptId, group, body }, cause) {
    const deduplicationId = `${receiptId} ${body}`;
    queue.send({ body, group, deduplicationId, attributes: { cause, receiptId } }, now());
  },
});
