/**
 * What went against a stream's order. Duplicates and early arrivals are normal traffic and never
 * filed.
 */
import type { EpochMs } from "#kernel/units";

export type ViolationKind = "timestamp-anomaly" | "sequence-conflict" | "partition-mismatch";

export type Violation = {
  readonly kind: ViolationKind;
  readonly severity: "warning" | "critical";
  readonly sequence: number;
  readonly messageId: string;
  /** What the order demanded, in words an operator can read. */
  readonly expected: string;
  readonly actual: string;
  readonly at: EpochMs;
};
