/**
 * A record of a batch once it is known what it says.
 */
import type { Control } from "./control.ts";
import type { Message } from "./envelope.ts";
import type { QueueRecord } from "./queue-record.ts";

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
