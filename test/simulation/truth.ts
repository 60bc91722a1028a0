/**
 * What really happened to each stream, as its table tells: kept apart from the code under test,
 * write by write, so that every rule is judged on facts.
 */
import type { AuditRecord, Head, RecoveryPolicies, SequenceRange, StartAt } from "#messaging";
import type { JsonObject } from "#kernel/json";
import type { Publication, Publications } from "./publication.ts";

/** A message's effect, as the subject's own record tells. */
export type AppliedEffect = {
  readonly sequence: number;
  readonly id: string;
  readonly value: number;
};

export type StreamTruth = {
  readonly stream: string;
  head: Head | undefined;
  /** Sequences up to it are not asked for. */
  startedAfter: number;
  /** In the order in which they took effect. */
  readonly effects: AppliedEffect[];
  readonly skipped: SequenceRange[];
  /** By sequence: what a decision put in the place of a message. */
  readonly replaced: Map<number, { readonly type: string; readonly data: JsonObject }>;
  /** What a further replacement has taken the place of. */
  readonly superseded: Map<number, readonly JsonObject[]>;
  /** Somebody else's record keeps the first call for a sequence, whatever replaced it. */
  readonly keepsFirst: boolean;
  /** Recomputed from what the producers sent and what was decided. */
  audit: string;
  /** The applied sequence that no message may follow. */
  closedBy: number | undefined;
  /** Of the applied ones. */
  newestTime: number | undefined;
  /** `kind sequence id` of each violation in the audit log. */
  readonly violations: Set<string>;
  /** Of them, those from before it began anew: a gap among them can open once more. */
  readonly filedBefore: Set<string>;
  /** Items of its ledger that are written. */
  readonly ledger: Set<string>;
  /** Ids of control messages that were decided. */
  readonly decided: Set<string>;
  /** How often it began anew. */
  rewinds: number;
  /** Had a place before it began anew, and has not been sent since. */
  readonly forgotten: Set<Publication>;
  /** Who wrote it last, and when. */
  writer: string;
  writtenAt: number;
};

/** One transaction of the table, as far as it concerns one stream. */
export type StreamWrite = {
  readonly truth: StreamTruth;
  /** Undefined: the head was not written. */
  readonly after: Head | undefined;
  readonly effects: readonly AppliedEffect[];
  readonly records: readonly AuditRecord[];
  /** Parked bodies beside the head that this deleted. */
  readonly unparked: readonly number[];
  /** Parked bodies beside the head that it wrote. */
  readonly parkedBeside: readonly number[];
  /** Items of the ledger that something else stood in. */
  readonly overwritten: readonly string[];
  /** The version that its writer had read; undefined: its writer made no such claim. */
  readonly base: number | undefined;
  /** It begins its stream, behind this sequence; undefined: it goes on with it. */
  readonly begunAfter: number | undefined;
  /** It begins it anew, from this position on the way back; undefined: it does not. */
  readonly rewoundFrom: number | undefined;
  /** What stood in the head's place could not be read. */
  readonly isOverUnreadable: boolean;
  /** What its writer was configured with. */
  readonly startAt: StartAt;
  readonly recovery: RecoveryPolicies;
  readonly at: number;
  readonly publications: Publications;
};

export const beginning = ({
  stream,
  audit,
  keepsFirst,
  startedAfter,
}: Pick<StreamTruth, "stream" | "audit" | "keepsFirst" | "startedAfter">): StreamTruth => ({
  stream,
  startedAfter,
  head: undefined,
  effects: [],
  skipped: [],
  replaced: new Map(),
  superseded: new Map(),
  audit,
  keepsFirst,
  closedBy: undefined,
  newestTime: undefined,
  violations: new Set(),
  filedBefore: new Set(),
  ledger: new Set(),
  decided: new Set(),
  rewinds: 0,
  forgotten: new Set(),
  writer: "",
  writtenAt: 0,
});

/** The position that it moves on from: of what begins anew, its beginning. */
export const positionBefore = ({
  truth: { head },
  begunAfter,
  rewoundFrom,
}: Pick<StreamWrite, "truth" | "begunAfter" | "rewoundFrom">): number =>
  begunAfter ?? (rewoundFrom === undefined ? head?.last : head?.startedAfter) ?? 0;

/** Ranges that the audit records of one write leave out, in order: those that count after it. */
export const skipsOf = (records: readonly AuditRecord[]): readonly SequenceRange[] =>
  records.length === 0 ? NONE : skipsIn(records.slice(records.findLastIndex(isRewind) + 1));

/** And those that it made, and went back over. */
export const skipsIn = (records: readonly AuditRecord[]): readonly SequenceRange[] =>
  records.length === 0 ? NONE : records.flatMap(skippedBy);

const NONE: readonly SequenceRange[] = [];

function skippedBy(record: AuditRecord): readonly SequenceRange[] {
  if (record.kind === "gap-skipped") return [record.skipped];
  return record.kind === "decision" && record.skipped !== undefined ? [record.skipped] : [];
}

type RewindRecord = Extract<AuditRecord, { readonly kind: "decision" }>;

/** One that took effect. */
export const isRewind = (record: AuditRecord): record is RewindRecord =>
  record.kind === "decision" && record.decision.kind === "rewind" && record.refused === undefined;

export const covers = (ranges: readonly SequenceRange[], sequence: number): boolean =>
  ranges.some(({ from, to }) => from <= sequence && sequence <= to);

export const violationKey = (kind: string, sequence: number, id: string): string =>
  `${kind} ${sequence} ${id}`;

/** An external handler says nothing of the end of a stream. */
export function closes(
  { stream, replaced, keepsFirst }: StreamTruth,
  sequence: number,
  id: string,
  publications: Publications,
): boolean {
  const sent = publications.at(stream, sequence).find((publication) => publication.id === id);
  const { data = {} } = replaced.get(sequence) ?? sent ?? {};
  return !keepsFirst && data["closes"] === true;
}

/** Takes a write over, after it has been judged. */
export function accept({ truth, after, effects, records, publications }: StreamWrite): void {
  truth.effects.push(...effects);
  truth.skipped.push(...skipsOf(records));
  for (const { sequence, id } of effects) {
    const time = publications.at(truth.stream, sequence).find((sent) => sent.id === id)?.time;
    if (closes(truth, sequence, id, publications)) truth.closedBy = sequence;
    if (time !== undefined) truth.newestTime = Math.max(truth.newestTime ?? 0, time);
  }
  for (const record of records) {
    if (isRewind(record)) for (const key of truth.violations) truth.filedBefore.add(key);
    if (record.kind === "violation") {
      const { kind, sequence, messageId } = record.violation;
      const key = violationKey(kind, sequence, messageId);
      // The newest last, also of what was filed once more.
      truth.violations.delete(key);
      truth.violations.add(key);
      truth.filedBefore.delete(key);
    }
    if (record.kind === "decision") truth.decided.add(record.decision.id);
  }
  if (after === undefined) return;
  truth.head = after;
  truth.startedAfter = after.startedAfter ?? truth.startedAfter;
}
