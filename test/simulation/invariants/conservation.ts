/**
 * 2: every accepted message is applied at most once and is at any moment in at least one of queue,
 * parked, dead letters, applied, skipped; after draining in exactly one.
 */
import { hash } from "node:crypto";
import { SOURCE } from "../messages.ts";
import type { Publication } from "../publication.ts";
import { covers, type StreamTruth, type StreamWrite } from "../truth.ts";
import type { Ending, Invariant, Place, Verdict } from "./invariant.ts";

/** As many applied ids as a head remembers: within them a rival is found. */
export const RECENT_MAX = 16;

const hashes = new Map<string, string>();

/** How a head remembers an id; all messages have one source. */
function idHash(id: string): string {
  const known = hashes.get(id);
  if (known !== undefined) return known;
  const made = hash("sha256", JSON.stringify([SOURCE, id])).slice(0, 16);
  if (hashes.size > 10_000) hashes.clear();
  hashes.set(id, made);
  return made;
}

/** Where a publication is, apart from the queue and its dead letters; undefined: nowhere. */
export function placeOf(publication: Publication, truth: StreamTruth): Place | undefined {
  const kept = keptPlaceOf(publication, truth);
  return kept ?? (truth.forgotten.has(publication) ? "rewound" : undefined);
}

/** Where it stays also for who begins to handle it now. */
export function keptPlaceOf(publication: Publication, truth: StreamTruth): Place | undefined {
  return placeInStream(publication, truth) ?? (publication.buried > 0 ? "buried" : undefined);
}

function placeInStream(
  { kind, sequence, id, type }: Publication,
  truth: StreamTruth,
): Place | undefined {
  switch (kind) {
    case "malformed":
    case "misrouted":
      return undefined;
    case "control":
      return type.endsWith(".tick") || truth.decided.has(id) ? "decided" : undefined;
    case "ordered":
    case "rival":
    case "surplus":
      return placeInOrder(sequence, id, truth);
    default:
      return kind satisfies never;
  }
}

function placeInOrder(sequence: number, id: string, truth: StreamTruth): Place | undefined {
  const { head, startedAfter } = truth;
  if (sequence <= startedAfter) return "before-start";
  if (head === undefined) return undefined;
  if (sequence > head.last) {
    const parked = head.parked.find((entry) => entry.sequence === sequence);
    return parked?.hash === idHash(id) ? "parked" : undefined;
  }
  if (covers(truth.skipped, sequence)) return "skipped";
  if (truth.effects.find((effect) => effect.sequence === sequence)?.id === id) return "applied";
  // A closed stream's head shrinks to its position.
  if (head.closed) return "superseded";
  // The position alone says that its sequence was applied: from an id that is forgotten.
  const since = truth.effects.filter((effect) => effect.sequence > sequence).length;
  return since >= RECENT_MAX ? "superseded" : undefined;
}

export const conservation: Invariant = {
  number: 2,

  onWrite({ truth, after, records, rewoundFrom = 0, unparked, parkedBeside, publications }) {
    if (after === undefined) return undefined;
    const left = leftOut(records, truth);
    if (left !== undefined) return `stream ${truth.stream}: parked ${left} was left out with a gap`;
    for (const { sequence, hash, message } of truth.head?.parked ?? []) {
      const still = after.parked.find((entry) => entry.sequence === sequence);
      const isGone = still?.hash !== hash;
      if (
        isGone &&
        sequence > Math.max(after.last, rewoundFrom) &&
        !isQueued(publications.at(truth.stream, sequence), hash)
      ) {
        return `stream ${truth.stream}: parked ${sequence} was lost`;
      }
      const keepsBody =
        still === undefined ||
        still.message !== undefined ||
        (message === undefined ? !unparked.includes(sequence) : parkedBeside.includes(sequence));
      if (!keepsBody) return `stream ${truth.stream}: the body of parked ${sequence} was lost`;
    }
    return undefined;
  },

  onDeleted(publication, truth) {
    const { copies, isAccepted, group, id, body } = publication;
    if (copies > 0 || !isAccepted || placeOf(publication, truth) !== undefined) return undefined;
    return `group ${group}: ${id === "" ? body.slice(0, 40) : id} is in no place any more`;
  },

  atEnd: inExactlyOnePlace,
};

/** Parked, and yet part of a gap that was given up. */
function leftOut(records: StreamWrite["records"], { head }: StreamTruth): number | undefined {
  const gaps = records.flatMap((record) => (record.kind === "gap-skipped" ? [record.skipped] : []));
  return head?.parked.find(({ sequence }) => covers(gaps, sequence))?.sequence;
}

const isQueued = (publications: readonly Publication[], hash: string): boolean =>
  publications.some(({ id, copies }) => copies > 0 && idHash(id) === hash);

function inExactlyOnePlace({ truths, publications }: Ending): Verdict {
  const byStream = new Map(truths.map((truth) => [truth.stream, truth]));
  for (const publication of publications.all()) {
    const truth = byStream.get(publication.stream);
    if (truth === undefined || !publication.isAccepted) continue;
    const place = placeOf(publication, truth);
    const { kind, id, sequence, copies, group, buried } = publication;
    const name = `${kind} ${id === "" ? "message" : id} (sequence ${sequence}, group ${group})`;
    if (place === undefined) return `${name} is in no place after draining`;
    if (place === "parked") return `${name} is still parked after draining`;
    if (place === "rewound" && kind === "ordered") return `${name} was never applied again`;
    // The consumer may have buried it before its stream began anew.
    const left = truth.rewinds > 0 ? copies - buried : copies;
    if (place === "applied" && left > 0) return `${name} is applied and in a queue`;
    // What the consumer buried stays among the dead letters; anything else is gone from there.
    if (copies > buried) return `${name} is ${place} and in a queue after draining`;
  }
  return undefined;
}
