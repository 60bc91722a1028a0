/**
 * What went against a stream's order. Duplicates and early arrivals are normal traffic and never
 * filed.
 */
import type { EpochMs } from "#kernel/units";

/** In the order in which an operator should worry. */
export const VIOLATION_KINDS = [
  /** Two messages with one sequence: two senders number one stream. */
  "sequence-conflict",
  /** It came through another partition than its stream's. */
  "partition-mismatch",
  /** A message is still missing after the gap's deadline. */
  "gap",
  /** Its turn has passed: a decision had left it out. */
  "out-of-order",
  /** It follows the end of its stream. */
  "unknown",
  /** Applied, but stamped earlier than what was applied before it. */
  "timestamp-anomaly",
] as const;

export type ViolationKind = (typeof VIOLATION_KINDS)[number];

export const SEVERITIES = ["warning", "critical"] as const;

export type Severity = (typeof SEVERITIES)[number];

export type Violation = {
  readonly kind: ViolationKind;
  readonly severity: Severity;
  readonly sequence: number;
  /** Empty where no message is concerned (a gap). */
  readonly messageId: string;
  /** What the order demanded, in words an operator can read. */
  readonly expected: string;
  readonly actual: string;
  readonly at: EpochMs;
};
