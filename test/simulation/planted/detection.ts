/**
 * What went against the order and is told wrongly, twice, or not at all.
 */
import { bug, type BugWithControl, recordsOf, withHead, withoutRecords, written } from "./bug.ts";

/** The chain goes on as if nothing had been left out, where nothing else happened to it. */
const chainPassesSkips = written((commit, standing) => {
  const skips = recordsOf(commit).flatMap((record) =>
    "skipped" in record && record.skipped !== undefined ? [record.skipped] : [],
  );
  const moved = skips.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const isAlone = standing !== undefined && moved > 0 && commit.head.last - standing.last === moved;
  return isAlone ? withHead(commit, { audit: standing.audit }) : commit;
});

const reopened = written((commit) => {
  const { closed: _, ...head } = commit.head;
  return { ...commit, head };
});

const skipAndContinue = {
  gap: { severity: "critical", recovery: { kind: "skip-and-continue" } },
} as const;

export const DETECTION: readonly BugWithControl[] = [
  bug(
    "rivals-taken-for-duplicates",
    "a sequence that was applied is a duplicate, whatever its id",
    {
      store: written((commit) => withHead(commit, { recent: [] })),
    },
  ),
  bug("violation-at-each-delivery", "what a head has filed is forgotten, and filed again", {
    store: written((commit) => withHead(commit, { violations: [] })),
  }),
  bug("violation-not-recorded", "a violation is known to the head, but not to the audit log", {
    store: written((commit) => withoutRecords(commit, ({ kind }) => kind === "violation")),
  }),
  bug("gap-skipped-silently", "a gap is left out at its deadline, and no record says so", {
    store: written((commit) => withoutRecords(commit, ({ kind }) => kind === "gap-skipped")),
    recovery: skipAndContinue,
  }),
  bug("chain-passes-skips", "the audit chain does not say what was left out", {
    store: chainPassesSkips,
    recovery: skipAndContinue,
  }),
  bug("closed-stream-reopens", "that a stream was closed is not stored", { store: reopened }),
  bug("closed-head-forgets", "a closed stream forgets what it has filed, and files it again", {
    store: written((commit) =>
      commit.head.closed === true ? withHead(commit, { violations: [] }) : commit,
    ),
  }),
  bug("deadline-not-stored", "a gap's deadline is not stored, so that no sweep finds it", {
    store: written((commit) => {
      const { dueAt: _, ...head } = commit.head;
      return { ...commit, head };
    }),
  }),
];
