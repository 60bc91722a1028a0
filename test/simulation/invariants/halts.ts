/**
 * 10: after a halt at n nothing of that stream is applied before a decision about it is in the
 * audit log, with its author and reason.
 */
import type { AuditRecord } from "#messaging";
import type { StreamWrite } from "../truth.ts";
import type { Invariant, Verdict } from "./invariant.ts";

export const halts: Invariant = { number: 10, onWrite: needsDecision };

function needsDecision({ truth, after, records, publications }: StreamWrite): Verdict {
  const before = truth.head;
  if (before?.status !== "halted" || after === undefined) return undefined;
  const goesOn = after.status !== "halted" || after.last !== before.last;
  if (!goesOn) return undefined;
  const decision = records.find((record) => record.kind === "decision" && isDecisive(record));
  const { stream } = truth;
  if (decision?.kind !== "decision") {
    return `stream ${stream} went on from its halt at ${before.halt?.sequence} without a decision`;
  }
  const { id, author, reason } = decision.decision;
  if (author === "" || reason === "") return `stream ${stream}: decision ${id} is by nobody`;
  const wasAsked = publications.all().some((sent) => sent.kind === "control" && sent.id === id);
  return wasAsked ? undefined : `stream ${stream}: nobody asked for decision ${id}`;
}

const isDecisive = (record: Extract<AuditRecord, { kind: "decision" }>): boolean =>
  record.refused === undefined;
