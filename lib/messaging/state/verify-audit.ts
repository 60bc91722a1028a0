/**
 * Proves after the fact what a consumer applied: the audit chain of its head is computed again from
 * the producer's log and the audit records, and has to come out the same.
 */
import type { Message } from "../envelope/envelope.ts";
import type { Head, SequenceRange } from "../head/head.ts";
import type { PlacedAuditRecord } from "./audit-record.ts";
import { auditBegin, auditNext, auditSkip } from "./audit.ts";

export type AuditVerdict =
  | { readonly kind: "verified"; readonly last: number }
  /** What was applied is not what the producer's log and the decisions say. */
  | { readonly kind: "broken"; readonly computed: string; readonly inHead: string }
  /** The log lacks a message that was applied: nothing can be said. */
  | { readonly kind: "not-verifiable"; readonly missing: number };

export type AuditEvidence = {
  readonly head: Head;
  /** The producer's log as messages, in ascending order of their sequences. */
  readonly log: Iterable<Message>;
  /** All audit records of this stream and consumer, the oldest first. */
  readonly records: readonly PlacedAuditRecord[];
};

/** Reads the log once, up to the head's position. */
export function verifyAudit({ head, log, records }: AuditEvidence): AuditVerdict {
  const { skips, replacements } = decisionsOf(records);
  const messages = log[Symbol.iterator]();
  let position = head.startedAfter ?? 0;
  let chain = auditBegin(head.stream, position);
  while (position < head.last) {
    const skip = skips.get(position + 1);
    if (skip !== undefined) {
      chain = auditSkip(chain, skip);
      position = skip.to;
      continue;
    }
    position += 1;
    const message = at(messages, position);
    if (message === undefined) return { kind: "not-verifiable", missing: position };
    chain = auditNext(chain, { ...message, ...replacements.get(position) });
  }
  return chain === head.audit
    ? { kind: "verified", last: head.last }
    : { kind: "broken", computed: chain, inHead: head.audit };
}

type Replacement = Partial<Pick<Message, "type" | "data">>;

/** Those that still count: a rewind begins the chain anew. */
function decisionsOf(records: readonly PlacedAuditRecord[]): {
  readonly skips: ReadonlyMap<number, SequenceRange>;
  readonly replacements: ReadonlyMap<number, Replacement>;
} {
  const skips = new Map<number, SequenceRange>();
  const replacements = new Map<number, Replacement>();
  for (const { record } of records) {
    if (record.kind === "gap-skipped") skips.set(record.skipped.from, record.skipped);
    if (record.kind !== "decision" || record.refused !== undefined) continue;
    const { decision, skipped, rewoundFrom } = record;
    if (skipped !== undefined) skips.set(skipped.from, skipped);
    if (decision.kind === "replace") {
      const { sequence, data, type } = decision;
      // A type that an earlier replacement gave stays.
      const earlier = replacements.get(sequence);
      replacements.set(sequence, { ...earlier, data, ...(type === undefined ? {} : { type }) });
    }
    if (decision.kind === "rewind") {
      skips.clear();
      // What was replaced but not applied still waits, replaced.
      for (const sequence of replacements.keys()) {
        if (sequence <= (rewoundFrom ?? 0)) replacements.delete(sequence);
      }
    }
  }
  return { skips, replacements };
}

/** Passes over what comes before. */
function at(messages: Iterator<Message>, sequence: number): Message | undefined {
  for (let next = messages.next(); next.done !== true; next = messages.next()) {
    if (next.value.sequence === sequence) return next.value;
    if (next.value.sequence > sequence) return undefined;
  }
  return undefined;
}
