/**
 * What a rewind leaves of the truth about its stream: the fold has forgotten what it applied, left
 * out and was closed by, and everything up to its old position has to be sent again.
 */
import type { AuditRecord } from "#messaging";
import { placeOf, RECENT_MAX } from "./invariants/conservation.ts";
import type { Publication } from "./publication.ts";
import { closes, isRewind, type StreamTruth, type StreamWrite } from "./truth.ts";

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
 * again; so has what the same write applied, or outran, before it went back: nothing of that is
 * left to see.
 */
export function forget(write: StreamWrite): void {
  const { truth, rewoundFrom, publications } = write;
  if (rewoundFrom === undefined) return;
  const before = truth.head?.last ?? 0;
  const outrun = outrunBy(write, before, rewoundFrom);
  for (let sequence = 1; sequence <= rewoundFrom; sequence += 1) {
    const isUnseen = sequence > before || sequence <= outrun;
    for (const publication of publications.at(truth.stream, sequence)) {
      const isForgotten = isUnseen || hadPlace(publication, truth);
      if (isForgotten && publication.isAccepted) truth.forgotten.add(publication);
    }
  }
  truth.rewinds += 1;
  truth.effects.length = 0;
  truth.skipped.length = 0;
  truth.closedBy = undefined;
  truth.newestTime = undefined;
}

/**
 * Up to which sequence the head had forgotten ids on its way from one position to the other: there
 * a second sender's message is a duplicate like any.
 */
function outrunBy({ truth, publications }: StreamWrite, from: number, to: number): number {
  for (let sequence = from + 1; sequence <= to; sequence += 1) {
    const sent = publications.at(truth.stream, sequence);
    if (sent.some(({ id }) => closes(truth, sequence, id, publications))) return from;
  }
  return to > from ? to - RECENT_MAX : 0;
}

function hadPlace(publication: Publication, truth: StreamTruth): boolean {
  const place = placeOf(publication, truth);
  return place === "applied" || place === "skipped" || place === "superseded";
}
