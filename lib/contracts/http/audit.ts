/**
 * The audit of one order, for staff: what people decided about it and about its streams, and what
 * its consumers filed against the order of its messages. Nothing of it is ever changed.
 */
import * as z from "zod";
import { cursorField, instantField, limitField, orderIdField, writtenField } from "./fields.ts";

/** The order's own stream, then what the consumers of its table keep beside it. */
export const AUDIT_LOGS = ["order", "fulfilment", "saga-start"] as const;

export const auditQuery = z.strictObject({
  /** The order that it is about. */
  target: orderIdField,
  /** Only what this client decided. */
  actor: writtenField(200).optional(),
  limit: limitField,
  cursor: cursorField.optional(),
});

export const auditEntry = z.strictObject({
  /** Entries of one log come together, the oldest first. */
  log: z.enum(AUDIT_LOGS),
  at: instantField,
  /** An event's type, or `violation`, `halt`, `decision`, `gap-skipped`. */
  kind: z.string(),
  /** Who decided it, and why; absent where nobody did. */
  actor: z.string().optional(),
  reason: z.string().optional(),
  details: z.record(z.string(), z.unknown()),
});

export const auditPage = z.strictObject({
  /** May be fewer than the limit, or none, while there is a next page. */
  entries: z.array(auditEntry),
  next: cursorField.optional(),
});

export type AuditEntry = z.infer<typeof auditEntry>;
