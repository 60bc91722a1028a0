/**
 * The audit log of a stream: one record for every violation, halt and decision, written in the same
 * transaction as the head that it explains, and never changed.
 */
import type { EpochMs } from "#kernel/units";
import type { Decision } from "../control/control.ts";
import type { Halt, SequenceRange } from "../head/head.ts";
import type { Violation } from "../violation/violation.ts";

export type AuditRecord =
  | { readonly kind: "violation"; readonly at: EpochMs; readonly violation: Violation }
  | { readonly kind: "halt"; readonly at: EpochMs; readonly halt: Halt }
  /** What was asked for, by whom and why, and what became of it. */
  | {
      readonly kind: "decision";
      readonly at: EpochMs;
      readonly decision: Decision;
      /** Why it was refused; absent when it took effect. */
      readonly refused?: string;
      /** What it left out. */
      readonly skipped?: SequenceRange;
      /** The last sequence that was applied before a rewind. */
      readonly rewoundFrom?: number;
    }
  /** The configured recovery left a gap out. */
  | { readonly kind: "gap-skipped"; readonly at: EpochMs; readonly skipped: SequenceRange };

/** A record with its place: the head's version that it was written with. */
export type PlacedAuditRecord = {
  readonly version: number;
  readonly record: AuditRecord;
};
