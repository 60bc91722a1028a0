/**
 * Amazon EventBridge as far as a target sees it: no order, at least once, and what cannot be
 * delivered within 24 hours or 185 attempts is dropped (eb-rule-retry-policy.html and
 * eb-rule-event-delivery.html, Amazon EventBridge User Guide).
 */
import { encode, type EventBus, type SentEnvelope } from "#messaging";

export type EventBusFaults = {
  readonly drops: () => boolean;
  readonly repeats: () => boolean;
  /** How long one delivery takes; different ones reorder. */
  readonly delayMs: () => number;
};

export type SimulatedEventBusOptions = {
  readonly time: { now(): number; at(time: number, act: () => void): void };
  readonly deliver: (envelope: SentEnvelope) => void;
  readonly faults: EventBusFaults;
};

export function simulatedEventBus({ time, deliver, faults }: SimulatedEventBusOptions): EventBus {
  const dispatch = (envelope: SentEnvelope): void =>
    time.at(time.now() + faults.delayMs(), () => deliver(envelope));
  return {
    async publish(envelopes) {
      for (const envelope of envelopes) encode(envelope);
      for (const envelope of envelopes) {
        if (faults.drops()) continue;
        dispatch(envelope);
        if (faults.repeats()) dispatch(envelope);
      }
    },
  };
}
