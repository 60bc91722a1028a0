/**
 * Amazon EventBridge as far as a sender and a target see it. A request is taken entry by entry, so
 * a part of it may be refused (API_PutEvents.html, Amazon EventBridge API Reference); what is taken
 * has no order, comes at least once, and is dropped when it cannot be delivered within 24 hours or
 * 185 attempts (eb-rule-retry-policy.html and eb-rule-event-delivery.html, User Guide).
 */
import { Failure } from "#kernel/failure";
import { encode, type EventBus, type SentEnvelope } from "#messaging";

export type EventBusFaults = {
  /** This entry of a request is throttled, whatever becomes of the others. */
  readonly refuses: () => boolean;
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

export type SimulatedEventBus = EventBus & {
  /** One entry of a request: whether it was taken. */
  put(envelope: SentEnvelope): boolean;
};

export function simulatedEventBus(options: SimulatedEventBusOptions): SimulatedEventBus {
  const { time, deliver, faults } = options;
  const dispatch = (envelope: SentEnvelope): void => {
    const delayMs = faults.delayMs();
    if (delayMs === 0) deliver(envelope);
    else time.at(time.now() + delayMs, () => deliver(envelope));
  };
  const put = (envelope: SentEnvelope): boolean => {
    if (faults.refuses()) return false;
    if (faults.drops()) return true;
    dispatch(envelope);
    if (faults.repeats()) dispatch(envelope);
    return true;
  };
  return {
    put,
    async publish(envelopes) {
      for (const envelope of envelopes) encode(envelope);
      const refused = envelopes.filter((envelope) => !put(envelope)).length;
      if (refused === 0) return;
      throw new Failure("store-unavailable", "retry", `The event bus refused ${refused} events.`);
    },
  };
}
