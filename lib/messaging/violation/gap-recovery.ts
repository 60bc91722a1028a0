/**
 * What becomes of a gap whose deadline has passed. Pure; a tick is the occasion.
 */
import type { DurationMs, EpochMs } from "#kernel/units";
import * as heads from "../head/head-transitions.ts";
import type { Halt, Head, SequenceRange } from "../head/head.ts";
import type { Along } from "../plan/commit-draft.ts";
import type { GapRecovery, RecoveryPolicies } from "./recovery.ts";
import { filing } from "./violation-filing.ts";
import type { Violation } from "./violation.ts";

export type GapStep =
  | { readonly kind: "none" }
  | { readonly kind: "moved"; readonly head: Head; readonly along: Along }
  | { readonly kind: "halt"; readonly head: Head; readonly along: Along; readonly halt: Halt };

/** @param head whose deadline has passed. */
export function recoverGap(
  head: Head,
  { gap: { severity, recovery } }: RecoveryPolicies,
  now: EpochMs,
): GapStep {
  const missing = missingOf(head);
  if (missing === undefined || head.status !== "running") return { kind: "none" };
  const violation = gapViolation(missing, severity, now);
  const isNew = head.gap?.sequence !== missing.from;
  const noted = isNew ? heads.filed(head, violation) : head;
  const along = isNew ? filing([violation], { head, now }) : {};
  const tries = (isNew ? 0 : (head.gap?.tries ?? 0)) + 1;
  const tried: Head = { ...noted, gap: { sequence: missing.from, tries } };
  const isUsedUp = "triesMax" in recovery && tries > recovery.triesMax;
  if (isUsedUp || recovery.kind === "strict-halt") {
    const used = isUsedUp ? ` after ${recovery.triesMax} tries of ${recovery.kind}` : "";
    return { kind: "halt", head: tried, along, halt: gapHalt(violation, used) };
  }
  return { kind: "moved", ...recovered(tried, missing, recovery, along, now) };
}

function recovered(
  head: Head,
  missing: SequenceRange,
  recovery: Exclude<GapRecovery, { kind: "strict-halt" }>,
  { facts = [], beside = [] }: Along,
  now: EpochMs,
): { readonly head: Head; readonly along: Along } {
  const { stream } = head;
  switch (recovery.kind) {
    case "wait-and-retry":
    case "failsafe":
      return { head, along: { facts, beside } };
    case "request-redelivery": {
      const fact = { kind: "redelivery-requested", stream, range: missing } as const;
      return { head, along: { facts: [...facts, fact], beside } };
    }
    case "skip-and-continue": {
      const fact = { kind: "skipped", stream, range: missing } as const;
      const record = { kind: "gap-skipped", at: now, skipped: missing } as const;
      return {
        head: heads.skipped(head, missing),
        along: { facts: [...facts, fact], beside: [...beside, { kind: "record", record }] },
      };
    }
    default:
      return recovery satisfies never;
  }
}

/** How long the gap of this head is waited for; undefined: as long as it takes. */
export function gapSchedule(
  head: Head,
  settings: { readonly gapDeadlineMs: DurationMs },
  { gap: { recovery } }: RecoveryPolicies,
): DurationMs | undefined {
  if (head.gap === undefined) return settings.gapDeadlineMs;
  if ("deadlineMs" in recovery) return recovery.deadlineMs;
  return recovery.kind === "failsafe" ? undefined : settings.gapDeadlineMs;
}

function missingOf({ last, parked: [first] }: Head): SequenceRange | undefined {
  if (first === undefined || first.sequence === last + 1) return undefined;
  return { from: last + 1, to: first.sequence - 1 };
}

const gapViolation = (
  { from, to }: SequenceRange,
  severity: Violation["severity"],
  now: EpochMs,
): Violation => ({
  kind: "gap",
  severity,
  sequence: from,
  messageId: "",
  expected: from === to ? `sequence ${from}` : `sequences ${from} to ${to}`,
  actual: `sequence ${to + 1} waits for it since before the deadline`,
  at: now,
});

const gapHalt = ({ sequence, kind, expected, at }: Violation, used: string): Halt => ({
  sequence,
  messageId: "",
  hash: "",
  code: kind,
  message: `${expected} is missing${used}`,
  at,
});
