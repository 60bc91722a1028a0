/**
 * What a rewind leaves of the truth about its stream: the fold has forgotten what it applied, left
 * out and was closed by, and everything up to its old position has to be sent again.
 */
import type { AuditRecord } from "#messaging";
import { placeOf } from "./invariants/conservation.ts";
import type { Publication } from "./publication.ts";
import { isRewind, type StreamTruth, type StreamWrite } from "./truth.ts";

/** The furthest position that a write went back from; undefined: it did not go back. */
export function rewoundFromIn(records: readonly AuditRecord[]): number | undefined {
  const positions = records.flatMap((record) =>
    isRewind(record) ? [record.rewoundFrom ?? 0] : [],
  );
  return positions.length === 0 ? undefined : Math.max(...positions);
}

/** Takes over what decisions put in the place of messages; a rewind undoes what was applied so. */
export function replace(
  { replaced, superseded }: StreamTruth,
  records: readonly AuditRecord[],
  typeDefault: string,
): void {
  for (const record of records) {
    if (isRewind(record)) {
      for (const sequence of replaced.keys()) {
        if (sequence <= (record.rewoundFrom ?? 0)) replaced.delete(sequence);
      }
    }
    if (record.kind !== "decision" || record.refused !== undefined) continue;
    const { decision } = record;
    if (decision.kind !== "replace") continue;
    const { sequence, data, type = typeDefault } = decision;
    const before = replaced.get(sequence);
    if (before !== undefined) {
      superseded.set(sequence, [...(superseded.get(sequence) ?? []), before.data]);
    }
    replaced.set(sequence, { type, data });
  }
}

/**
 * Before the write is taken over. What had a place in the order has none any more until it is sent
 * again; so has what the same write applied before it went back, of which nothing is left to see.
 */
export function forget({ truth, rewoundFrom, publications }: StreamWrite): void {
  if (rewoundFrom === undefined) return;
  const before = truth.head?.last ?? 0;
  for (let sequence = 1; sequence <= rewoundFrom; sequence += 1) {
    for (const publication of publications.at(truth.stream, sequence)) {
      const isForgotten = sequence > before || hadPlace(publication, truth);
      if (isForgotten && publication.isAccepted) truth.forgotten.add(publication);
    }
  }
  truth.rewinds += 1;
  truth.effects.length = 0;
  truth.skipped.length = 0;
  truth.closedBy = undefined;
  truth.newestTime = undefined;
}

function hadPlace(publication: Publication, truth: StreamTruth): boolean {
  const place = placeOf(publication, truth);
  return place === "applied" || place === "skipped" || place === "superseded";
}
