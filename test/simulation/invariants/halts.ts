/**
 * 10: after a halt at n nothing of that stream is applied before a decision about it is in the
 * audit log, with its author and reason; what is decided, once. A message that may pass halts its
 * stream only after several attempts.
 */
import type { AuditRecord } from "#messaging";
import { positionBefore, type StreamWrite } from "../truth.ts";
import type { Invariant, Verdict } from "./invariant.ts";

export const halts: Invariant = {
  number: 10,
  onWrite: (write) =>
    decidesOnce(write) ??
    haltsForCause(write) ??
    haltsAtPosition(write) ??
    needsDecision(write) ??
    recoversAsSet(write),
};

function decidesOnce({ truth, records }: StreamWrite): Verdict {
  const ids = records.flatMap((record) => (record.kind === "decision" ? [record.decision.id] : []));
  const again = ids.find((id, index) => truth.decided.has(id) || ids.indexOf(id) !== index);
  return again === undefined ? undefined : `stream ${truth.stream}: ${again} was decided twice`;
}

/** No consumer is configured with fewer. */
const ATTEMPTS_MIN = 2;

function haltsForCause({ truth, after, publications }: StreamWrite): Verdict {
  const halt = after?.status === "halted" ? after.halt : undefined;
  if (halt === undefined || after === undefined || truth.head?.status === "halted")
    return undefined;
  const sent = publications.at(truth.stream, halt.sequence).find(({ id }) => id === halt.messageId);
  const { data = {} } = truth.replaced.get(halt.sequence) ?? sent ?? {};
  const isPassing = typeof data["failsUntil"] === "number" || data["since"] !== undefined;
  const mayPass = isPassing && data["poison"] === undefined;
  if (!mayPass || after.attempts >= ATTEMPTS_MIN || halt.code !== "provider-unavailable")
    return undefined;
  return `stream ${truth.stream}: attempt ${after.attempts} at ${halt.sequence} halted it for good`;
}

/** Else no decision that names the halt's sequence would fit the stream. */
function haltsAtPosition({ truth, after }: StreamWrite): Verdict {
  if (after?.status !== "halted" || after.halt?.sequence === after.last + 1) return undefined;
  return `stream ${truth.stream} stands at ${after.last} and is halted at ${after.halt?.sequence}`;
}

function needsDecision(write: StreamWrite): Verdict {
  const { truth, after, records, publications } = write;
  const before = truth.head;
  if (before?.status !== "halted" || after === undefined) return undefined;
  const goesOn = after.status !== "halted" || after.last !== positionBefore(write);
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

/** Of each violation that is filed: whether its stream halts for it, and how severe it is. */
function recoversAsSet({ truth, after, records, recovery }: StreamWrite): Verdict {
  const { stream, head } = truth;
  const halts = records.flatMap((record) => (record.kind === "halt" ? [record.halt] : []));
  for (const record of records) {
    if (record.kind !== "violation") continue;
    const { kind, severity, sequence, messageId } = record.violation;
    const policy = recovery[kind];
    const what = `stream ${stream}: ${kind} at ${sequence} of ${messageId}`;
    if (severity !== policy.severity) return `${what} was filed as ${severity}`;
    if (kind === "gap" || kind === "out-of-order" || !("recovery" in policy)) continue;
    const isStrict = policy.recovery.kind === "strict-halt";
    const hasHalted = halts.some((halt) => halt.messageId === messageId);
    const wasHalted = head?.status === "halted" || halts.length > 0;
    if (isStrict && !hasHalted && !wasHalted) return `${what} did not halt it`;
    const isFor = ({ code }: { readonly code: string }) => code === kind;
    if (!isStrict && after?.status === "halted" && halts.some(isFor)) return `${what} halted it`;
  }
  return undefined;
}
