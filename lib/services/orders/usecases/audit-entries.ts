/**
 * What the audit says of one decision or of one record.
 */
import type { AUDIT_LOGS, AuditEntry } from "#contracts/http/audit";
import { isoInstant } from "#kernel/units";
import type { AuditRecord, Commit } from "#messaging";

type Event = Commit["events"][number];

/** Undefined for what nobody decided. @param at as ISO 8601 */
export function decisionOf({ type, data }: Event, at: string): AuditEntry | undefined {
  const { author, reason, ...details } = data;
  if (typeof author !== "string") return undefined;
  const why = typeof reason === "string" ? { reason } : {};
  return { log: "order", at, kind: type, actor: author, ...why, details };
}

export function auditEntryOf(log: (typeof AUDIT_LOGS)[number], record: AuditRecord): AuditEntry {
  const at = isoInstant(record.at);
  switch (record.kind) {
    case "decision": {
      const { decision, kind, at: _at, ...became } = record;
      const { author, reason, ...about } = decision;
      return { log, at, kind, actor: author, reason, details: { ...about, ...became } };
    }
    case "violation":
      return { log, at, kind: record.kind, details: record.violation };
    case "halt":
      return { log, at, kind: record.kind, details: record.halt };
    case "gap-skipped":
      return { log, at, kind: record.kind, details: record.skipped };
    default:
      return record satisfies never;
  }
}
