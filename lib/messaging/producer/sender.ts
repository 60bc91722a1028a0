/**
 * Ways out: a FIFO queue where order matters, a bus where it does not.
 */
import type { ControlEnvelope, SentEnvelope } from "../envelope/envelope.ts";

export type OutgoingMessage = {
  readonly envelope: SentEnvelope | ControlEnvelope;
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
 * - Messages of one group are accepted in the order given, request by request: none of a later
 *   request is sent before all of an earlier one are accepted. What a queue refuses of a request
 *   that it accepts in part is sent again, in order, a bounded number of times.
 * - Within such a request what was refused then stands behind what was accepted, since no sender
 *   can take a message back (API_SendMessageBatch: each entry succeeds or fails by itself). Whoever
 *   needs the order reads the sequence: an ordered consumer keeps what is early until the rest is
 *   there. A group whose messages have none is safe when each is sent by a call of its own.
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
  publish(envelopes: readonly SentEnvelope[]): Promise<void>;
};
