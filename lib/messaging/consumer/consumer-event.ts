/**
 * What a consumer tells whoever watches it, for logs and alarms. Told after the fact: a halt or a
 * violation that was not written was not one.
 */
import type { Decision } from "../control/control.ts";
import type { Halt, SequenceRange } from "../head/head.ts";
import type { Violation } from "../violation/violation.ts";

export type ConsumerEvent =
  /**
   * Permanent failure, or attempts used up: nothing of the stream is applied until somebody
   * decides.
   */
  | { readonly kind: "stream-halted"; readonly stream: string; readonly halt: Halt }
  /** Everything that was parked in a row behind the halt is applied. */
  | { readonly kind: "stream-resumed"; readonly stream: string }
  /** A control message was decided; `refused` says why it did not take effect. */
  | {
      readonly kind: "decided";
      readonly stream: string;
      readonly decision: Decision;
      readonly refused?: string;
    }
  /** Left out by a decision, or by the recovery of a gap. */
  | { readonly kind: "skipped"; readonly stream: string; readonly range: SequenceRange }
  | {
      readonly kind: "redelivery-requested";
      readonly stream: string;
      readonly range: SequenceRange;
    }
  /** The producer could not be asked; the gap's next deadline asks again. */
  | {
      readonly kind: "redelivery-failed";
      readonly stream: string;
      readonly range: SequenceRange;
      readonly error: Error;
    }
  | { readonly kind: "violation-filed"; readonly stream: string; readonly violation: Violation }
  /** A transient failure, counted in the head. */
  | {
      readonly kind: "attempt-failed";
      readonly stream: string;
      readonly sequence: number;
      readonly attempt: number;
      readonly error: Error;
    }
  /** Another writer was first, or an effect's condition failed; classified and handled again. */
  | { readonly kind: "race-lost"; readonly stream: string; readonly by: "head" | "effect" }
  /** Sent to the dead letters and acknowledged. */
  | { readonly kind: "dead-lettered"; readonly receiptId: string; readonly cause: string }
  /** Messages go back to the queue. */
  | {
      readonly kind: "returned";
      readonly receiptIds: readonly string[];
      readonly stream?: string;
      readonly why: ReturnReason;
      readonly error?: Error;
    };

export type ReturnReason =
  | "attempt-failed"
  | "claimed-by-another"
  | "deadline-near"
  | "races-lost"
  | "store-failed"
  | "dead-letters-failed"
  | "unexpected";

export type Observe = (event: ConsumerEvent) => void;
