/**
 * 16: each violation that was injected is filed once and with the right kind, nothing else is
 * filed, and duplicates and early arrivals are counted exactly.
 */
import type { AuditRecord } from "#messaging";
import type { Publication, Publications } from "../publication.ts";
import {
  covers,
  isRewind,
  positionBefore,
  skipsIn,
  type StreamTruth,
  type StreamWrite,
  violationKey,
} from "../truth.ts";
import { keptPlaceOf } from "./conservation.ts";
import type {
  AnsweredBatch,
  AnsweredRecord,
  Ending,
  Invariant,
  Place,
  Verdict,
} from "./invariant.ts";

export const detection: Invariant = {
  number: 16,
  onWrite: filesWhatHappened,
  onAnswer: (batch) => filesLateOnes(batch) ?? countsExactly(batch),
  atEnd: filedAll,
};

/** A head compares with the last eight of its stream; docs/semantics.md says so. */
const REMEMBERED = 8;

type Filed = Extract<AuditRecord, { kind: "violation" }>["violation"];

function filesWhatHappened(write: StreamWrite): Verdict {
  const { truth, records } = write;
  const here = new Set<string>();
  let before: ReadonlySet<string> = truth.filedBefore;
  for (const record of records) {
    if (isRewind(record)) before = new Set([...truth.violations, ...here]);
    if (record.kind !== "violation") continue;
    const { kind, sequence, messageId } = record.violation;
    const key = violationKey(kind, sequence, messageId);
    const remembered = [...truth.violations, ...here].slice(-REMEMBERED);
    const isOpenAgain = kind === "gap" && before.has(key);
    if (remembered.includes(key) && !isOpenAgain) {
      return `stream ${truth.stream}: ${kind} at ${sequence} of ${messageId} was filed twice`;
    }
    here.add(key);
    if (!isTrue(record.violation, write)) {
      return `stream ${truth.stream}: ${kind} at ${sequence} of ${messageId} never happened`;
    }
  }
  return undefined;
}

function isTrue(filed: Filed, write: StreamWrite): boolean {
  const { truth, after, effects, records, rewoundFrom, publications } = write;
  const { kind, sequence, messageId } = filed;
  const sent = publications.at(truth.stream, sequence);
  switch (kind) {
    case "sequence-conflict":
      return sent.length > 1 && sent.some(({ id }) => id === messageId);
    case "partition-mismatch":
      return publications
        .all()
        .some((other) => other.kind === "misrouted" && other.id === messageId);
    case "out-of-order":
      return covers([...truth.skipped, ...skipsIn(records)], sequence);
    case "timestamp-anomaly":
      return (
        anomalies(newestBefore(write), effects, publications).includes(sequence) ||
        isAnomalyAhead(filed, write) ||
        isOutOfSight(sequence, write)
      );
    case "gap":
      return sequence > Math.min(truth.head?.last ?? 0, positionBefore(write));
    case "unknown":
      return after?.closed === true || (rewoundFrom !== undefined && couldClose(write));
    default:
      return kind satisfies never;
  }
}

/** Applied, and gone back over, in one write: only that it was there can be said. */
const isOutOfSight = (sequence: number, { truth, rewoundFrom = 0 }: StreamWrite): boolean =>
  (truth.head?.last ?? 0) < sequence && sequence <= rewoundFrom + 1;

/** What closed it may be out of sight, too. */
const couldClose = ({ truth, rewoundFrom = 0, publications }: StreamWrite): boolean =>
  publications.all().some(({ stream, sequence, data }) => {
    return stream === truth.stream && sequence <= rewoundFrom && data["closes"] === true;
  });

const newestBefore = ({ truth: { stream, newestTime }, rewoundFrom }: StreamWrite): Newest => ({
  stream,
  newestTime: rewoundFrom === undefined ? newestTime : undefined,
});

type Newest = Pick<StreamTruth, "stream" | "newestTime">;

/** Sequences among `effects` that are stamped earlier than what was applied before them. */
function anomalies(
  truth: Newest,
  effects: StreamWrite["effects"],
  publications: Publications,
): readonly number[] {
  let newest = truth.newestTime;
  return effects.flatMap(({ sequence, id }) => {
    const time = publications.at(truth.stream, sequence).find((sent) => sent.id === id)?.time;
    if (time === undefined) return [];
    const isEarlier = newest !== undefined && time < newest;
    newest = Math.max(newest ?? 0, time);
    return isEarlier ? [sequence] : [];
  });
}

/** Where it halts, an anomaly is filed before its message is applied. */
function isAnomalyAhead({ sequence, messageId }: Filed, write: StreamWrite): boolean {
  const { effects, records, publications } = write;
  const hasHalted = records.some(
    (record) => record.kind === "halt" && record.halt.messageId === messageId,
  );
  const before = effects.filter((effect) => effect.sequence < sequence);
  const ahead = { sequence, id: messageId, value: 0 };
  return (
    hasHalted && anomalies(newestBefore(write), [...before, ahead], publications).includes(sequence)
  );
}

/**
 * A closed stream's head shrinks to its position, and knows no more what was left out. What was a
 * rival before its sequence was left out stays one.
 */
function filesLateOnes({ records, isTroubled, truthOf }: AnsweredBatch): Verdict {
  for (const { publication, isReturned, isRewoundSince, placeBefore } of records) {
    const { kind, stream, sequence, id } = publication;
    if (isRewoundSince || isTroubled(publication)) continue;
    if (kind !== "ordered" || isReturned || placeBefore !== "skipped") continue;
    const { violations, head } = truthOf(stream);
    if (head?.closed === true) continue;
    const kinds = ["out-of-order", "sequence-conflict"] as const;
    if (kinds.some((filed) => violations.has(violationKey(filed, sequence, id)))) continue;
    return `stream ${stream}: ${sequence} of ${id} came after it was left out, and was not filed`;
  }
  return undefined;
}

/** What came more than once, and what came too early, of a batch that nothing else touched. */
function countsExactly(batch: AnsweredBatch): Verdict {
  const { records, report, isTroubled, truthOf } = batch;
  const isClouded = ({ publication, isRewoundSince }: AnsweredRecord): boolean =>
    isRewoundSince || isTroubled(publication);
  if (records.some(isClouded)) return undefined;
  const taken = records.filter(({ publication, isReturned }) => {
    return !isReturned && publication.sequence > 0 && publication.kind !== "misrouted";
  });
  const placed = taken.map((record): Placed => {
    const { publication } = record;
    return { ...record, place: keptPlaceOf(publication, truthOf(publication.stream)) };
  });
  return countsDuplicates(placed, report) ?? countsEarly(placed, batch);
}

type Placed = AnsweredRecord & { readonly place: Place | undefined };

/** What was refused is in no place where its burial changed nothing: another copy is on its way. */
function countsDuplicates(placed: readonly Placed[], report: AnsweredBatch["report"]): Verdict {
  if (placed.some(isUnclear)) return undefined;
  const duplicates = placed.filter(({ place, placeBefore, isRepeated }) => {
    const isRefused = place === "buried" || place === "before-start" || place === undefined;
    return (placeBefore !== undefined || isRepeated) && !isRefused;
  });
  if (report.duplicates === duplicates.length) return undefined;
  return `${duplicates.length} duplicates in a batch were counted as ${report.duplicates}`;
}

/**
 * Left out, refused before, or by the end of this very batch beyond what the head remembers: of
 * older messages, and in a closed stream of all, only the position is left, which takes everything
 * up to it for known. docs/semantics.md says so.
 */
const isUnclear = ({ place, placeBefore }: Placed): boolean =>
  placeBefore === "buried" ||
  placeBefore === "skipped" ||
  place === "skipped" ||
  (place === "superseded" && placeBefore === undefined);

/** Of streams that ran all the while, with nobody deciding anything. */
function countsEarly(
  placed: readonly Placed[],
  { records, report, truthOf }: AnsweredBatch,
): Verdict {
  const isPlain = records.every(({ publication: { kind, stream }, wasRunning }) => {
    return (
      kind !== "control" && wasRunning && (truthOf(stream).head?.status ?? "running") === "running"
    );
  });
  if (!isPlain) return undefined;
  const early = placed.filter(({ place, placeBefore, isRepeated }) => {
    // What was refused before its stream began anew may come early after it.
    const wasAway = placeBefore === undefined || placeBefore === "buried";
    return place === "parked" && wasAway && !isRepeated;
  });
  if (report.early === early.length) return undefined;
  return `${early.length} early arrivals in a batch were counted as ${report.early}`;
}

function filedAll({ truths, publications }: Ending): Verdict {
  for (const publication of publications.all()) {
    const expected = expectedOf(publication);
    if (expected === undefined || publication.buried === 0) continue;
    const truth = truths.find(({ stream }) => stream === publication.stream);
    const { sequence, id, stream } = publication;
    if (truth?.violations.has(violationKey(expected, sequence, id)) === true) continue;
    return `stream ${stream}: ${expected} at ${sequence} of ${id} was never filed`;
  }
  for (const truth of truths) {
    const again = { stream: truth.stream, newestTime: undefined };
    for (const sequence of anomalies(again, truth.effects, publications)) {
      const { id = "" } = truth.effects.find((effect) => effect.sequence === sequence) ?? {};
      if (truth.violations.has(violationKey("timestamp-anomaly", sequence, id))) continue;
      return `stream ${truth.stream}: timestamp-anomaly at ${sequence} was never filed`;
    }
  }
  return undefined;
}

/** What a buried publication must have been filed as. */
function expectedOf({ kind }: Publication): string | undefined {
  switch (kind) {
    case "misrouted":
      return "partition-mismatch";
    case "ordered":
    case "rival":
      return "sequence-conflict";
    case "surplus":
      return "unknown";
    case "malformed":
    case "control":
      return undefined;
    default:
      return kind satisfies never;
  }
}
