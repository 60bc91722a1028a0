/**
 * How a violation gets from the plan into the head, the audit log and the ears of whoever watches.
 */
import type { EpochMs } from "#kernel/units";
import type { Message } from "../envelope/envelope.ts";
import type { Classification } from "../head/classify.ts";
import type { Head } from "../head/head.ts";
import type { Along } from "../plan/commit-draft.ts";
import type { RecoveryPolicies } from "./recovery.ts";
import type { Violation, ViolationKind } from "./violation.ts";

/** One fact and one record for each; the head has to have filed them. */
export const filing = (
  violations: readonly Violation[],
  { head: { stream }, now }: { readonly head: Head; readonly now: EpochMs },
): Along => ({
  facts: violations.map((violation) => ({ kind: "violation-filed", stream, violation })),
  beside: violations.map((violation) => ({
    kind: "record",
    record: { kind: "violation", at: now, violation },
  })),
});

export type Refusal = {
  readonly violation: Violation;
  readonly recovery: "skip-and-continue" | "strict-halt";
};

/** What a message did wrong, and what is done about it. */
export function refusalOf(
  { sequence, id }: Message,
  found: Extract<Classification, { expected: string }>,
  { recovery, now }: { readonly recovery: RecoveryPolicies; readonly now: EpochMs },
): Refusal {
  const kind = KINDS[found.kind];
  const policy = recovery[kind];
  return {
    violation: {
      kind,
      severity: policy.severity,
      sequence,
      messageId: id,
      expected: found.expected,
      actual: found.actual,
      at: now,
    },
    recovery: "recovery" in policy ? policy.recovery.kind : "skip-and-continue",
  };
}

const KINDS = {
  conflict: "sequence-conflict",
  "partition-mismatch": "partition-mismatch",
  late: "out-of-order",
  "after-close": "unknown",
} as const satisfies Record<string, ViolationKind>;
