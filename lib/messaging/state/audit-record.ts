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

/** Where a record stands in the log of its stream. */
export type AuditPosition = {
  /** Of the head that it was written with. */
  readonly version: number;
  /**
   * Among what was written with that version: ascending, not contiguous. Absent: behind all of it.
   */
  readonly index?: number;
};

export type PlacedAuditRecord = Required<AuditPosition> & { readonly record: AuditRecord };

/**
 * Contract (`test/contract/head-index-contract.ts`): strongly consistent, the oldest first. Exactly
 * `limit` records where there are so many behind `after`, else all there are, whatever their size:
 * fewer than `limit` mean that none is left. The last one's position continues, also within a
 * version. Errors: as `HeadStore.read`.
 */
export type AuditLog = {
  records(
    stream: string,
    limit: number,
    after?: AuditPosition,
  ): Promise<readonly PlacedAuditRecord[]>;
};
