/**
 * A rule that holds at every moment of every schedule, whatever goes wrong. Each looks only at what
 * a step changed; the numbers are those of the list in docs/semantics.md.
 */
import type {
  Commit,
  ConsumerReport,
  PlacedAuditRecord,
  rebuild,
  rebuildHead,
  verifyAudit,
} from "#messaging";
import type { Publication, Publications } from "../publication.ts";
import type { Log, SubjectKind } from "../subjects.ts";
import type { StreamTruth, StreamWrite } from "../truth.ts";

/** Undefined: it holds. Else what is wrong, in words. */
export type Verdict = string | undefined;

/** Where a message is. */
export type Place =
  | "applied"
  | "parked"
  | "skipped"
  | "buried"
  | "decided"
  | "superseded"
  /** It had one until its stream was rewound; to have one again it has to be sent again. */
  | "rewound"
  /** Of the sequences that a consumer which begins in the middle does not ask for. */
  | "before-start";

/** Who looks back on what was done looks with these. */
export type RestoreTools = {
  readonly rebuild: typeof rebuild<Log>;
  readonly rebuildHead: typeof rebuildHead<Log>;
  readonly verifyAudit: typeof verifyAudit;
};

/** One record of a batch, and what became of it. */
export type AnsweredRecord = {
  readonly publication: Publication;
  readonly isReturned: boolean;
  /** Where it was before the batch began; undefined: nowhere. */
  readonly placeBefore: Place | undefined;
  /** Its stream was, before the batch began, or had never been written. */
  readonly wasRunning: boolean;
  /** Its stream was rewound during the batch: what was known before may have answered it. */
  readonly isRewoundSince: boolean;
  /** Another record of the same publication came before it in this batch. */
  readonly isRepeated: boolean;
};

export type AnsweredBatch = {
  readonly records: readonly AnsweredRecord[];
  readonly report: ConsumerReport;
  /** Something that was injected, or another writer, touched this stream during the batch. */
  readonly isTroubled: (publication: Publication) => boolean;
  /** Its stream had a reason of its own to give a message back. */
  readonly isExcused: (publication: Publication) => boolean;
  readonly truthOf: (stream: string) => StreamTruth;
  readonly publications: Publications;
};

/** What is stored of a stream besides its head. */
export type StreamEvidence = {
  readonly truth: StreamTruth;
  readonly records: readonly PlacedAuditRecord[];
  /** Of the subject's own log. */
  readonly commits: readonly Commit[];
};

/** After draining; or in the middle of everything. */
export type Ending = {
  readonly truths: readonly StreamTruth[];
  readonly publications: Publications;
  /** Of some of them. */
  readonly evidence: readonly StreamEvidence[];
  readonly kind: SubjectKind;
  readonly tools: RestoreTools;
  readonly now: () => number;
};

export type Invariant = {
  readonly number: number;
  /** Before a write is taken over into the truth. */
  readonly onWrite?: (write: StreamWrite) => Verdict;
  /** The queue has deleted a copy. */
  readonly onDeleted?: (publication: Publication, truth: StreamTruth) => Verdict;
  readonly onAnswer?: (batch: AnsweredBatch) => Verdict;
  readonly atEnd?: (ending: Ending) => Verdict;
  /** In the middle, and after draining. */
  readonly onLookBack?: (ending: Ending) => Verdict;
};
