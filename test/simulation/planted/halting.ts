/**
 * Poison, and what operators decide about it.
 */
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
];
