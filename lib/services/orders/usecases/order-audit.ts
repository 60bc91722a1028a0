/**
 * The audit of one order: the decisions in its own stream, then the records that consumers keep
 * beside it. One log after the other, so that a page is found again however much is added.
 */
import { AUDIT_LOGS, type AuditEntry } from "#contracts/http/audit";
import { isoInstant } from "#kernel/units";
import type { AuditLog, Commit, PlacedAuditRecord } from "#messaging";
import type { OrderRecords } from "../ports.ts";
import { auditEntryOf, decisionOf } from "./audit-entries.ts";
import { unknown } from "./asker.ts";

export type OrderAuditPorts = {
  readonly records: OrderRecords;
  /** Of the consumers whose heads stand in the orders' table. */
  readonly logs: Readonly<Record<ConsumerLog, AuditLog>>;
};

export type OrderAuditQuery = {
  readonly orderId: string;
  readonly actor: string | undefined;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string;
};

type ConsumerLog = Exclude<(typeof AUDIT_LOGS)[number], "order">;

/** Behind what a page ends: of which log, and in it the sequence, or version and index. */
type Position = { readonly log: number; readonly numbers: readonly number[] };

type Part = {
  readonly entries: readonly AuditEntry[];
  readonly end: readonly number[];
  readonly isLast: boolean;
};

/** Looks at logs for one page; whoever filters by actor may get less than he asked for. */
const PARTS_MAX = 8;

/** Throws `Failure` `not-found` (reject); what the logs throw. */
export async function orderAudit(
  ports: OrderAuditPorts,
  { orderId, actor, limit, after }: OrderAuditQuery,
): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: string | undefined }> {
  const { commits } = await ports.records.read(orderId);
  if (commits.length === 0) throw unknown(orderId);
  const entries: AuditEntry[] = [];
  let at: Position = after === undefined ? { log: 0, numbers: [] } : positionIn(after);
  for (let parts = 0; parts < PARTS_MAX && entries.length < limit; parts += 1) {
    const name = AUDIT_LOGS[at.log];
    if (name === undefined) return { entries, next: undefined };
    const room = limit - entries.length;
    const part =
      name === "order"
        ? decisionsIn(commits, at.numbers, room)
        : recordsIn(name, await recordsOf(ports.logs[name], orderId, at.numbers, room), room);
    entries.push(...part.entries.filter((entry) => actor === undefined || entry.actor === actor));
    at = part.isLast ? { log: at.log + 1, numbers: [] } : { log: at.log, numbers: part.end };
  }
  return { entries, next: at.log < AUDIT_LOGS.length ? textOf(at) : undefined };
}

function decisionsIn(
  commits: readonly Commit[],
  [after = 0]: readonly number[],
  room: number,
): Part {
  const all = commits.flatMap(({ events, recordedAt }) =>
    events.flatMap((event) => {
      const entry = decisionOf(event, isoInstant(recordedAt));
      return entry === undefined || event.sequence <= after
        ? []
        : [{ entry, sequence: event.sequence }];
    }),
  );
  const shown = all.slice(0, room);
  return {
    entries: shown.map(({ entry }) => entry),
    end: [shown.at(-1)?.sequence ?? after],
    isLast: shown.length === all.length,
  };
}

const recordsOf = (
  log: AuditLog,
  orderId: string,
  [version, index]: readonly number[],
  room: number,
) =>
  log.records(
    orderId,
    room,
    version === undefined || index === undefined ? undefined : { version, index },
  );

function recordsIn(log: ConsumerLog, records: readonly PlacedAuditRecord[], room: number): Part {
  const last = records.at(-1);
  return {
    entries: records.map(({ record }) => auditEntryOf(log, record)),
    end: last === undefined ? [] : [last.version, last.index],
    // Fewer than asked for mean that none is left.
    isLast: records.length < room,
  };
}

const textOf = ({ log, numbers }: Position): string => [log, ...numbers].join(".");

function positionIn(text: string): Position {
  const [log = 0, ...numbers] = text.split(".").map(Number);
  return { log, numbers };
}
