/**
 * Computes a head's audit chain again from the producer's log and the recorded decisions, and says
 * whether what was applied is what was written and decided.
 */
import { type AuditLog, type Head, type StoredLog, storedMessages, verifyAudit } from "#messaging";
import { allRecords } from "./audit-records.ts";

export type Verified = { readonly isRight: boolean; readonly text: string };

/** Errors: as the ports'; `Error` for more than 20,000 records. */
export async function verifyStream(
  producer: StoredLog,
  audit: AuditLog,
  head: Head,
): Promise<Verified> {
  const applied = { from: (head.startedAfter ?? 0) + 1, to: head.last };
  const log = await storedMessages(producer, head.stream, applied);
  const verdict = verifyAudit({ head, log, records: await allRecords(audit, head.stream) });
  switch (verdict.kind) {
    case "verified":
      return {
        isRight: true,
        text: `verified: what was applied up to ${verdict.last} is the log's`,
      };
    case "broken":
      return {
        isRight: false,
        text: `broken: the log gives ${verdict.computed}, the head has ${verdict.inHead}`,
      };
    case "not-verifiable":
      return { isRight: false, text: `not verifiable: the log lacks sequence ${verdict.missing}` };
    default:
      return verdict satisfies never;
  }
}
