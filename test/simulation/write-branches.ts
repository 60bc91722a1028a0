/**
 * What a write tells of the ways that a schedule took: counted, so that a run in which one of them
 * never came up says so.
 */
import type { StreamWrite } from "./truth.ts";

export function branchesOf(write: StreamWrite): readonly string[] {
  const { after, begunAfter = 0, rewoundFrom = 0, records, parkedBeside } = write;
  const branches: string[] = [];
  if (begunAfter > 0) branches.push("begun-in-the-middle");
  if (rewoundFrom > 0) branches.push("rewound");
  if (parkedBeside.length > 0) branches.push("parked-beside");
  if ((after?.parked.length ?? 0) > 0) branches.push("parked");
  const halts = records.filter(({ kind }) => kind === "halt");
  for (const record of halts.length === 0 ? [] : records) {
    if (record.kind !== "violation" || record.violation.kind === "gap") continue;
    if (record.violation.messageId === after?.halt?.messageId) {
      branches.push(`halted-by-${record.violation.kind}`);
    }
  }
  return branches;
}
