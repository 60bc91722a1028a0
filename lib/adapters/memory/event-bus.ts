/**
 * An event bus of the tests and the simulator: what was published, in the order in which it came.
 */
import { encode, type Envelope, type EventBus } from "#messaging";

export type MemoryEventBus = EventBus & { readonly published: readonly Envelope[] };

export function memoryEventBus(): MemoryEventBus {
  const published: Envelope[] = [];
  return {
    published,
    async publish(envelopes) {
      for (const envelope of envelopes) encode(envelope);
      published.push(...structuredClone(envelopes));
    },
  };
}
