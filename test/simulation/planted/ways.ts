/**
 * A consumer that is configured in one way and goes another.
 */
import type { RecoveryPolicies } from "#messaging";
import { bug, type BugWithControl, withHead, written } from "./bug.ts";

const strict = { severity: "critical", recovery: { kind: "strict-halt" } } as const;

const strictOnes = {
  "sequence-conflict": strict,
  "partition-mismatch": strict,
  unknown: strict,
  "timestamp-anomaly": strict,
} as const satisfies Partial<RecoveryPolicies>;

const lenient = { severity: "critical", recovery: { kind: "skip-and-continue" } } as const;

const lenientOnes = {
  "sequence-conflict": lenient,
  "partition-mismatch": lenient,
} as const satisfies Partial<RecoveryPolicies>;

const mild = { ...strict, severity: "warning" } as const;

const START = 3;

export const WAYS: readonly BugWithControl[] = [
  bug("start-one-later", "a stream begins behind the sequence that it was to begin with", {
    startAt: START,
    mistaken: () => ({ startAt: START + 1 }),
  }),
  bug("start-not-stored", "where a stream was begun is not kept: it was begun at 1 afterwards", {
    startAt: START,
    store: written((commit) => {
      const { startedAfter: _, ...head } = commit.head;
      return { ...commit, head };
    }),
  }),
  bug(
    "start-at-position",
    "where a stream was begun is taken for its position, and moves with it",
    {
      startAt: "latest",
      store: written((commit) => withHead(commit, { startedAfter: commit.head.last })),
    },
  ),
  bug("strict-halt-ignored", "a stream goes on behind a violation that was to halt it", {
    recovery: strictOnes,
    mistaken: ({ recovery }) => ({ recovery: { ...recovery, "sequence-conflict": lenient } }),
  }),
  bug("lenience-ignored", "a stream halts for a violation that it was to go on behind", {
    recovery: lenientOnes,
    mistaken: ({ recovery }) => ({ recovery: { ...recovery, "sequence-conflict": strict } }),
  }),
  bug("severity-mistaken", "a critical violation is filed as a warning", {
    recovery: strictOnes,
    mistaken: ({ recovery }) => ({ recovery: { ...recovery, "partition-mismatch": mild } }),
  }),
  bug("groups-by-name", "streams are routed by a rule that their consumer does not know", {
    mistaken: () => ({ groupOf: (stream) => stream }),
  }),
];
