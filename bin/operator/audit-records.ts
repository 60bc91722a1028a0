/**
 * A stream's audit records, as many as somebody can read or a proof needs. The log is read from its
 * beginning, which is how it continues.
 */
import type { AuditLog, AuditPosition, PlacedAuditRecord } from "#messaging";

const RECORDS_AT_ONCE = 200;
/** A stream that was decided about more often is looked into by hand. */
const RECORDS_MAX = 20_000;

/** Errors: as the port's; `Error` for more than 20,000 records. */
export async function allRecords(
  audit: AuditLog,
  stream: string,
): Promise<readonly PlacedAuditRecord[]> {
  const all: PlacedAuditRecord[] = [];
  for await (const records of pages(audit, stream)) all.push(...records);
  return all;
}

export type History = {
  /** The newest of those that were asked for, the oldest first. */
  readonly records: readonly PlacedAuditRecord[];
  /** How many older ones there are. */
  readonly older: number;
  /** Says so to see the next older ones; some of the same version may be among both. */
  readonly before: number;
};

/**
 * The newest 200.
 *
 * @param before only what was written with an earlier version of the head. Errors: as `allRecords`.
 */
export async function newestRecords(
  audit: AuditLog,
  stream: string,
  before = Number.POSITIVE_INFINITY,
): Promise<History> {
  let newest: readonly PlacedAuditRecord[] = [];
  let older = 0;
  let lastLeftOut: PlacedAuditRecord | undefined;
  for await (const page of pages(audit, stream)) {
    const asked = [...newest, ...page.filter(({ version }) => version < before)];
    newest = asked.slice(-RECORDS_AT_ONCE);
    older += asked.length - newest.length;
    lastLeftOut = asked.at(-RECORDS_AT_ONCE - 1) ?? lastLeftOut;
    if (page.some(({ version }) => version >= before)) break;
  }
  return { records: newest, older, before: (lastLeftOut?.version ?? 0) + 1 };
}

async function* pages(
  audit: AuditLog,
  stream: string,
): AsyncGenerator<readonly PlacedAuditRecord[]> {
  let after: AuditPosition | undefined;
  for (let read = 0; read < RECORDS_MAX; read += RECORDS_AT_ONCE) {
    const records = await audit.records(stream, RECORDS_AT_ONCE, after);
    yield records;
    if (records.length < RECORDS_AT_ONCE) return;
    after = records.at(-1);
  }
  throw new Error(`The stream ${stream} has more than ${RECORDS_MAX} audit records.`);
}
