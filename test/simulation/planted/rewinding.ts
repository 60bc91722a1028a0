/**
 * A stream that was rewound, and of which something is left.
 */
import type { Head } from "#messaging";
import { isRewind } from "../truth.ts";
import {
  bug,
  type BugWithControl,
  recordsOf,
  withHead,
  type WrittenCommit,
  written,
} from "./bug.ts";

/** Of the head before it, a rewind keeps this. */
const keeping = (kept: (standing: Head, commit: WrittenCommit) => Partial<Head>) =>
  written((commit, standing) => {
    const isRewound = standing !== undefined && recordsOf(commit).some(isRewind);
    return isRewound ? withHead(commit, kept(standing, commit)) : commit;
  });

export const REWINDING: readonly BugWithControl[] = [
  bug("rewind-keeps-skipped", "what was left out before a rewind is left out after it, too", {
    kind: "fold",
    recovery: { gap: { severity: "critical", recovery: { kind: "skip-and-continue" } } },
    store: keeping(({ skipped }, { head }) => ({ skipped: [...skipped, ...head.skipped] })),
  }),
  bug("rewind-keeps-hashes", "whom a sequence was applied from is remembered over a rewind", {
    kind: "fold",
    store: keeping(({ recent }, { head }) => ({ recent: [...recent, ...head.recent].slice(-16) })),
  }),
  bug("rewind-keeps-state", "a rewind sets the position back and goes on from the old state", {
    kind: "fold",
    store: keeping(({ state }, { head }) =>
      head.state === undefined && state !== undefined ? { state } : {},
    ),
  }),
  bug("rewind-loses-parked", "a rewind throws away what waited for its predecessors", {
    kind: "fold",
    store: keeping(() => ({ parked: [] })),
  }),
];
