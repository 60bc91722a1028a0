/**
 * A FIFO queue of the tests and the simulator, as far as its sender sees it: what was accepted, in
 * order.
 */
import { encode, type FifoSender, type OutgoingMessage } from "#messaging";

export type MemoryFifoSender = FifoSender & {
  /**
   * In the order of acceptance; a repeated deduplication id is accepted and dropped, as SQS does
   * within five minutes.
   */
  readonly accepted: readonly OutgoingMessage[];
};

export function memoryFifoSender(): MemoryFifoSender {
  const accepted: OutgoingMessage[] = [];
  const seen = new Set<string>();
  return {
    accepted,
    async send(messages) {
      for (const { envelope } of messages) encode(envelope);
      for (const message of messages) {
        if (seen.has(message.deduplicationId)) continue;
        seen.add(message.deduplicationId);
        accepted.push(structuredClone(message));
      }
    },
  };
}
