/**
 * Poison, and what operators decide about it.
 */
import type { AuditRecord } from "#messaging";
import {
  bug,
  type BugWithControl,
  recordsOf,
  withHead,
  withoutRecords,
  type WrittenCommit,
  written,
} from "./bug.ts";

const skippedBy = (commit: WrittenCommit) =>
  recordsOf(commit).flatMap((record) =>
    record.kind === "decision" && record.skipped !== undefined ? [record.skipped] : [],
  );

/** What SQS does with a message that it gives up. */
const passedOver = written((commit, standing) => {
  const { status, halt, last, parked } = commit.head;
  const isNew = status === "halted" && standing?.status !== "halted";
  if (!isNew || halt === undefined || halt.sequence !== last + 1) return commit;
  const { halt: _, ...rest } = commit.head;
  const head = { ...rest, status: "running", last: halt.sequence } as const;
  return { ...commit, head: { ...head, parked: parked.slice(1) } };
});

const notStored = written((commit) => {
  if (commit.head.status !== "halted") return commit;
  const { halt: _, ...rest } = commit.head;
  return { ...commit, head: { ...rest, status: "running" } };
});

const leftParked = written((commit, standing) => {
  const to = Math.max(0, ...skippedBy(commit).map((range) => range.to));
  const left = (standing?.parked ?? []).filter(({ sequence }) => sequence <= to);
  if (left.length === 0) return commit;
  const beside = (commit.beside ?? []).filter(
    (write) => write.kind !== "unpark" || write.sequence > to,
  );
  return { ...withHead(commit, { parked: [...left, ...commit.head.parked] }), beside };
});

const isRetry = (commit: WrittenCommit): boolean =>
  recordsOf(commit).some(
    (record) =>
      record.kind === "decision" &&
      record.decision.kind === "retry" &&
      record.refused === undefined,
  );

const countedAsDone = written((commit, standing) => {
  if (!isRetry(commit)) return commit;
  const { state: _, ...rest } = commit.head;
  const state = standing?.state === undefined ? {} : { state: standing.state };
  return { ...commit, head: { ...rest, ...state }, writes: [] };
});

type Decision = Extract<AuditRecord, { kind: "decision" }>["decision"];

/** The audit log tells another story of who decided. */
const decidedBy = (change: (decision: Decision) => Partial<Decision>) =>
  written((commit) => ({
    ...commit,
    beside: (commit.beside ?? []).map((write) =>
      write.kind === "record" && write.record.kind === "decision"
        ? { ...write, record: withDecision(write.record, change(write.record.decision)) }
        : write,
    ),
  }));

const withDecision = (
  record: Extract<AuditRecord, { kind: "decision" }>,
  change: Partial<Decision>,
): AuditRecord => ({ ...record, decision: { ...record.decision, ...change } as Decision });

const haltedOneBehind = written((commit) => {
  const { halt } = commit.head;
  if (halt === undefined) return commit;
  return withHead(commit, { halt: { ...halt, sequence: halt.sequence + 1 } });
});

export const HALTING: readonly BugWithControl[] = [
  bug("poison-passed-over", "a poison message is put aside and its stream goes on behind it", {
    store: passedOver,
  }),
  bug("halt-not-stored", "that a stream is halted is known to one sandbox only", {
    store: notStored,
  }),
  bug("skip-leaves-parked", "what was skipped stays parked, in front of what follows", {
    store: leftParked,
  }),
  bug("retry-does-not-run", "a retry ends the halt as if the message had been applied", {
    store: countedAsDone,
  }),
  bug("decision-not-recorded", "a decision takes effect without its record in the audit log", {
    store: written((commit) => withoutRecords(commit, ({ kind }) => kind === "decision")),
  }),
  bug("decision-by-nobody", "the audit log does not say who decided", {
    store: decidedBy(() => ({ author: "" })),
  }),
  bug("decision-of-another", "a decision is recorded under an id that nobody sent", {
    store: decidedBy(({ id }) => ({ id: `${id}-1` })),
  }),
  bug("halt-one-behind", "a halt names the message behind the one that failed", {
    store: haltedOneBehind,
  }),
];
