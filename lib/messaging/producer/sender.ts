/**
 * Ways out: a FIFO queue where order matters, a bus where it does not.
 */
import type { ClaimCheckEnvelope, ControlEnvelope, Envelope } from "../envelope/envelope.ts";

export type OutgoingMessage = {
  readonly envelope: Envelope | ClaimCheckEnvelope | ControlEnvelope;
  /** The SQS message group; by default the envelope's partition key. */
  readonly group: string;
  /**
   * SQS drops a second send with the same id within five minutes, silently: the event's id for a
   * first send, `id#requestId` for anything that must arrive again.
   */
  readonly deduplicationId: string;
};

/**
 * Contract (`test/contract/fifo-sender-contract.ts`):
 * - Messages of one group are accepted in the order given; after a partial failure everything of a
 *   group from its failed entry on is sent again, in order, a bounded number of times.
 * - Resolves when all are accepted. Else throws `Failure`, and some may have been accepted:
 *   `store-unavailable` (retry), or `malformed-message` or `payload-too-large` (reject) when one of
 *   them can never be sent.
 */
export type FifoSender = {
  send(messages: readonly OutgoingMessage[]): Promise<void>;
};

/**
 * Contract (`test/contract/event-bus-contract.ts`): at least once, no order. Resolves when every
 * event is accepted. Else throws `Failure`, and some may have been accepted: `store-unavailable`
 * (retry), or `malformed-message` or `payload-too-large` (reject) when one of them can never be
 * sent.
 */
export type EventBus = {
  publish(envelopes: readonly Envelope[]): Promise<void>;
};
