/**
 * Computes a head's audit chain again from the producer's log and the recorded decisions, and says
 * whether what was applied is what was written and decided.
 */
import {
  type AuditLog,
  type AuditPosition,
  decode,
  encode,
  envelopesOf,
  type Head,
  type Message,
  type PlacedAuditRecord,
  type ResendOptions,
  verifyAudit,
} from "#messaging";

export type Producer = Pick<ResendOptions, "store" | "source" | "types">;

export type Verified = { readonly isRight: boolean; readonly text: string };

const RECORDS_AT_ONCE = 200;
/** A stream that was decided about more often is looked into by hand. */
const RECORDS_MAX = 20_000;

/** Errors: as the ports'; `Error` for more than 20,000 records. */
export async function verifyStream(
  { store, source, types }: Producer,
  audit: AuditLog,
  head: Head,
): Promise<Verified> {
  const commits = await store.read(head.stream);
  const log = commits
    .flatMap((commit) => envelopesOf(commit, source))
    .filter(({ type }) => types === undefined || types.includes(type))
    .map((envelope) => decode(encode(envelope)))
    .flatMap((decoded): Message[] => (decoded.kind === "message" ? [decoded.message] : []));
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

async function allRecords(audit: AuditLog, stream: string): Promise<readonly PlacedAuditRecord[]> {
  const all: PlacedAuditRecord[] = [];
  for (let after: AuditPosition | undefined; all.length < RECORDS_MAX; after = all.at(-1)) {
    const records = await audit.records(stream, RECORDS_AT_ONCE, after);
    all.push(...records);
    if (records.length < RECORDS_AT_ONCE) return all;
  }
  throw new Error(`The stream ${stream} has more than ${RECORDS_MAX} audit records.`);
}
