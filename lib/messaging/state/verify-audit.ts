/**
 * Proves after the fact what a consumer applied: the audit chain of its head is computed again from
 * the producer's log and the audit records, and has to come out the same.
 */
import type { Head } from "../head/head.ts";
import { auditBegin, auditNext, auditSkip } from "./audit.ts";
import { provenSteps, type StreamEvidence } from "./proven-steps.ts";

export type AuditVerdict =
  | { readonly kind: "verified"; readonly last: number }
  /** What was applied is not what the producer's log and the decisions say. */
  | { readonly kind: "broken"; readonly computed: string; readonly inHead: string }
  /** The log lacks a message that was applied: nothing can be said. */
  | { readonly kind: "not-verifiable"; readonly missing: number };

export type AuditEvidence = StreamEvidence & { readonly head: Head };

/** Reads the log once, up to the head's position. */
export function verifyAudit({ head, ...evidence }: AuditEvidence): AuditVerdict {
  const { stream, last, audit, startedAfter = 0 } = head;
  const steps = provenSteps(evidence, startedAfter);
  let chain = auditBegin(stream, startedAfter);
  for (let position = startedAfter; position < last; ) {
    const { value: step } = steps.next();
    if (step.kind === "missing") return { kind: "not-verifiable", missing: step.sequence };
    if (step.kind === "skipped") {
      chain = auditSkip(chain, step.range);
      position = step.range.to;
    } else {
      chain = auditNext(chain, step.message);
      position = step.message.sequence;
    }
  }
  return chain === audit
    ? { kind: "verified", last }
    : { kind: "broken", computed: chain, inHead: audit };
}
