/**
 * What is stored of a stream besides its head, read when somebody looks back on what was done.
 */
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryAuditLog } from "#adapters/memory/head-store";
import type { MemoryTable } from "#adapters/memory/table";
import { rebuild, rebuildHead, verifyAudit } from "#messaging";
import type { Ending, RestoreTools } from "./invariants/invariant.ts";
import type { Publications } from "./publication.ts";
import type { SubjectKind } from "./subjects.ts";
import type { Plant } from "./system.ts";
import type { StreamTruth } from "./truth.ts";

/** @param at the streams whose evidence is gathered. */
export type LookingBack = (
  truths: readonly StreamTruth[],
  at: readonly StreamTruth[],
) => Promise<Ending>;

/** More than a stream of a schedule ever has. */
const RECORDS_MAX = 10_000;

const RIGHT: RestoreTools = { rebuild, rebuildHead, verifyAudit };

export const lookingBack = ({
  table,
  kind,
  publications,
  now,
  plant,
}: {
  readonly table: MemoryTable;
  readonly kind: SubjectKind;
  readonly publications: Publications;
  readonly now: () => number;
  readonly plant: Plant | undefined;
}): LookingBack => {
  const [log, ledger] = [memoryAuditLog({ table }), memoryEventStore(table)];
  const tools = { ...RIGHT, ...plant?.tools?.(RIGHT) };
  return async (truths, at) => {
    const evidence: Ending["evidence"][number][] = [];
    for (const truth of at) {
      const { stream } = truth;
      const records = await log.records(stream, RECORDS_MAX);
      const commits = kind === "effects" ? await ledger.read(stream) : [];
      evidence.push({ truth, records, commits });
    }
    return { truths, publications, evidence, kind, tools, now };
  };
};
