/**
 * A record of a batch once it is known what it says.
 */
import type { QueueRecord } from "../consumer/queue-record.ts";
import type { Control } from "../control/control.ts";
import type { Message } from "../envelope/envelope.ts";

/** One record of the batch, decoded. */
export type Arrival = {
  readonly record: QueueRecord;
  readonly content:
    | { readonly kind: "message"; readonly message: Message }
    | { readonly kind: "control"; readonly control: Control };
  /** The partition that its stream is routed to. */
  readonly groupExpected: string;
};

export type MessageArrival = { readonly arrival: Arrival; readonly message: Message };
