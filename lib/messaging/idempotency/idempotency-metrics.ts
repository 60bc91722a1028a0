/**
 * What idempotency tells whoever watches it: plain counts and durations under a closed list of
 * names. Keys, owners and payloads are never among them, so the number of time series is bounded.
 */

export type IdempotencyCount =
  /** Effects that were not had again: their result was replayed. */
  | "hits"
  /** Effects that were begun. */
  | "misses"
  /** A key that came with another payload. */
  | "conflicts"
  /** Older than what was applied. */
  | "stale"
  /** Met a run of the same key; once for each request, however long it waits. */
  | "inProgress"
  /** Begun over a record whose time to be kept was over. */
  | "expired"
  /** Begun after a run that never said how it ended. */
  | "takenOver"
  /** Effects that failed and gave their key back. */
  | "released"
  /** Effects whose run was taken over before it was completed: they may have been had twice. */
  | "lost"
  /** Effects whose result could not be kept. */
  | "omitted"
  /** Of results, when they are stored and when they are replayed. */
  | "bytesStored"
  | "bytesReplayed"
  /** Keys that a front forgot to make room. */
  | "evicted"
  /** Duplicates that a front recognised, which cost a read instead of a refused write. */
  | "hintsRight"
  /** What a front took for a duplicate and was none: one read for nothing. */
  | "hintsWrong";

export type IdempotencyDuration =
  /** From the request to its claim or its answer, waiting included. */
  "claimMs" | "effectMs" | "completeMs";

/** Contract: never throws and never waits. */
export type IdempotencyMetrics = {
  count(name: IdempotencyCount, by?: number): void;
  milliseconds(name: IdempotencyDuration, value: number): void;
};

export const noMetrics: IdempotencyMetrics = { count: () => {}, milliseconds: () => {} };
