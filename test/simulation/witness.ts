/**
 * Reads the table's transactions as facts about streams, has them judged, and keeps the truth.
 */
import type { MemoryWrite } from "#adapters/memory/table";
import type { AuditRecord, Commit, Head, RecoveryPolicies, StartAt } from "#messaging";
import type { Breach } from "#simulation/scenario";
import { chainStart } from "./invariants/audit.ts";
import type { Invariant, Verdict } from "./invariants/invariant.ts";
import { TYPE } from "./messages.ts";
import type { Publication, Publications } from "./publication.ts";
import { forget, replace, rewoundFromIn } from "./rewinding.ts";
import { EFFECT_TYPE, type Log, type Outside, type SubjectKind } from "./subjects.ts";
import {
  accept,
  type AppliedEffect,
  beginning,
  covers,
  positionBefore,
  skipsOf,
  type StreamTruth,
  type StreamWrite,
} from "./truth.ts";

export type WitnessOptions = {
  readonly kind: SubjectKind;
  readonly invariants: readonly Invariant[];
  readonly publications: Publications;
  readonly outside: Outside;
  readonly now: () => number;
  readonly steps: () => number;
  /** The version that the writer of this attempt had read. */
  readonly baseOf: (attemptId: string) => number | undefined;
  /** Who is writing now. */
  readonly writer: () => string;
  /** What a consumer that writes is configured with. */
  readonly startAt: StartAt;
  readonly recoveryOf: () => RecoveryPolicies;
  /** Nobody can read the head that stands there now. */
  readonly isUnreadable: (stream: string) => boolean;
  readonly onWrite: (write: StreamWrite, writer: string) => void;
};

export type Witness = {
  /** For the table. */
  readonly see: (writes: readonly MemoryWrite[]) => void;
  readonly deleted: (publication: Publication) => void;
  readonly judge: (number: number, verdict: Verdict) => void;
  judgeAll(verdictOf: (invariant: Invariant) => Verdict): void;
  /** The first thing that was wrong. */
  breach(): Breach | undefined;
  readonly truthOf: (stream: string) => StreamTruth;
  readonly truths: () => readonly StreamTruth[];
};

export function witness(options: WitnessOptions): Witness {
  const { invariants, now, steps, startAt } = options;
  const truths = new Map<string, StreamTruth>();
  const list: StreamTruth[] = [];
  let breach: Breach | undefined;

  const truthOf = (stream: string): StreamTruth => {
    const found = truths.get(stream);
    if (found !== undefined) return found;
    const made = beginning({
      stream,
      audit: chainStart(stream),
      keepsFirst: options.kind === "external",
      startedAfter: typeof startAt === "number" ? startAt - 1 : 0,
    });
    truths.set(stream, made);
    list.push(made);
    return made;
  };

  const judge = (invariant: number, verdict: Verdict): void => {
    if (verdict === undefined || breach !== undefined) return;
    breach = { invariant, detail: verdict, step: steps() };
  };

  const judgeAll = (verdictOf: (invariant: Invariant) => Verdict): void => {
    for (const invariant of invariants) judge(invariant.number, verdictOf(invariant));
  };

  const seeStream = (stream: string, writes: readonly MemoryWrite[]): void => {
    const write = streamWrite(truthOf(stream), writes, options);
    if (write === undefined) return;
    judgeAll(({ onWrite }) => onWrite?.(write));
    forget(write);
    accept(write);
    write.truth.writer = options.writer();
    write.truth.writtenAt = now();
    options.onWrite(write, options.writer());
  };

  return {
    see(writes) {
      const [first] = writes;
      if (first === undefined) return;
      if (writes.every(({ partition }) => partition === first.partition)) {
        seeStream(first.partition, writes);
        return;
      }
      for (const stream of new Set(writes.map(({ partition }) => partition))) {
        const own = writes.filter(({ partition }) => partition === stream);
        seeStream(stream, own);
      }
    },
    deleted(publication) {
      const truth = truthOf(publication.stream);
      judgeAll(({ onDeleted }) => onDeleted?.(publication, truth));
    },
    judge,
    judgeAll,
    breach: () => breach,
    truthOf,
    truths: () => list,
  };
}

/** Undefined when it concerns nothing that is judged. */
function streamWrite(
  truth: StreamTruth,
  writes: readonly MemoryWrite[],
  { kind, publications, outside, now, baseOf, startAt, recoveryOf, isUnreadable }: WitnessOptions,
): StreamWrite | undefined {
  let after: Head | undefined;
  const appended: AppliedEffect[] = [];
  const records: AuditRecord[] = [];
  const unparked: number[] = [];
  const parkedBeside: number[] = [];
  const overwritten: string[] = [];
  for (const { sort, text } of writes) {
    const [family = "", , item = ""] = sort.split("#");
    if (family === "head" && text !== undefined) after = JSON.parse(text) as Head;
    else if (family === "commit" && text !== undefined) {
      appended.push(...effectsIn(text));
      if (truth.ledger.has(sort)) overwritten.push(sort);
      truth.ledger.add(sort);
    } else if (family === "audit" && text !== undefined) {
      records.push((JSON.parse(text) as { record: AuditRecord }).record);
    } else if (family === "parked") {
      (text === undefined ? unparked : parkedBeside).push(Number(item));
    }
  }
  if (after === undefined && appended.length === 0) return undefined;
  const base = after?.attemptId === undefined ? undefined : baseOf(after.attemptId);
  if (records.length > 0) replace(truth, records, TYPE);
  const rewoundFrom = records.length > 0 ? rewoundFromIn(records) : undefined;
  const isBegun = after?.startedAfter !== undefined && truth.head?.startedAfter === undefined;
  const begunAfter = isBegun ? after?.startedAfter : undefined;
  const from = positionBefore({ truth, begunAfter, rewoundFrom });
  const effects =
    kind === "effects"
      ? appended
      : kind === "fold"
        ? foldedSince(rewoundFrom === undefined ? truth.effects : [], after)
        : calledSince({ truth, from, after, records, outside });
  const at = now();
  return {
    truth,
    after,
    effects,
    records,
    unparked,
    parkedBeside,
    overwritten,
    base,
    begunAfter,
    rewoundFrom,
    startAt,
    recovery: recoveryOf(),
    isOverUnreadable: after !== undefined && isUnreadable(truth.stream),
    at,
    publications,
  };
}

const effectsIn = (text: string): readonly AppliedEffect[] =>
  (JSON.parse(text) as Commit).events
    .filter(({ type }) => type === EFFECT_TYPE)
    .map(({ data }) => data as unknown as AppliedEffect);

/** What the state has behind what it had; a state that lost something begins anew. */
function foldedSince(
  effects: readonly AppliedEffect[],
  after: Head | undefined,
): readonly AppliedEffect[] {
  const { log } = (after?.state ?? { log: [] }) as Log;
  const isContinued = effects.every(({ id }, index) => log[index]?.[1] === id);
  return log
    .slice(isContinued ? effects.length : 0)
    .map(([sequence, id, value]) => ({ sequence, id, value }));
}

/** What was called for, of the messages that the position moved over. */
function calledSince({
  truth: { stream },
  from,
  after,
  records,
  outside,
}: Pick<StreamWrite, "truth" | "after" | "records"> & {
  readonly from: number;
  readonly outside: Outside;
}): readonly AppliedEffect[] {
  const skips = skipsOf(records);
  const effects: AppliedEffect[] = [];
  const last = after?.last ?? 0;
  for (let sequence = from + 1; sequence <= last; sequence += 1) {
    const found = covers(skips, sequence) ? undefined : outside.find(stream, sequence);
    if (found !== undefined) effects.push(found);
  }
  return effects;
}
