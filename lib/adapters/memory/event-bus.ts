/**
 * An event bus of the tests and the simulator: what was published, in the order in which it came.
 */
import { encode, type EventBus, type SentEnvelope } from "#messaging";

export type MemoryEventBus = EventBus & { readonly published: readonly SentEnvelope[] };

export function memoryEventBus(): MemoryEventBus {
  const published: SentEnvelope[] = [];
  return {
    published,
    async publish(envelopes) {
      for (const envelope of envelopes) encode(envelope);
      published.push(...structuredClone(envelopes));
    },
  };
}
