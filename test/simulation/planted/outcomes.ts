/**
 * Answers of the store that are misread, and memories that are not corrected by them.
 */
import { isFailure } from "#kernel/failure";
import type { Head } from "#messaging";
import type { Plant } from "../system.ts";
import { bug, type BugWithControl, withHead } from "./bug.ts";

const isUnknown = (error: unknown): boolean => isFailure(error) && error.code === "outcome-unknown";

const unknownIsSuccess: NonNullable<Plant["heads"]> = (right) => ({
  ...right,
  async commit(commit) {
    try {
      return await right.commit(commit);
    } catch (error) {
      if (isUnknown(error)) return { kind: "committed" };
      throw error;
    }
  },
});

/** Only the version is read again: what is written was decided on another one. */
const unknownIsWrittenOver: NonNullable<Plant["heads"]> = (right) => ({
  ...right,
  async commit(commit) {
    try {
      return await right.commit(commit);
    } catch (error) {
      if (!isUnknown(error)) throw error;
      const standing = await right.read(commit.head.stream);
      return right.commit(withHead(commit, { version: (standing?.version ?? 0) + 1 }));
    }
  },
});

/** A forgotten `await`. */
const writtenBehind: NonNullable<Plant["heads"]> = (right) => ({
  ...right,
  async commit(commit) {
    void right.commit(commit).catch(() => undefined);
    return { kind: "committed" };
  },
});

/** A cache in front of the store that is filled on the way there. */
const cachedBeforeWritten: NonNullable<Plant["heads"]> = (right) => {
  const cached = new Map<string, Head>();
  return {
    ...right,
    async read(stream) {
      return cached.get(stream) ?? right.read(stream);
    },
    async commit(commit) {
      const { stream } = commit.head;
      cached.set(stream, commit.head);
      const answer = await right.commit(commit);
      if (answer.kind === "fenced") cached.delete(stream);
      return answer;
    },
  };
};

/** After a lost race the same old head is planned against again. */
const lostRaceTeachesNothing: NonNullable<Plant["heads"]> = (right) => {
  const known = new Map<string, Head | undefined>();
  return {
    ...right,
    async read(stream) {
      const head = await right.read(stream);
      known.set(stream, head);
      return head;
    },
    async commit(commit) {
      const { stream } = commit.head;
      const answer = await right.commit(commit);
      if (answer.kind === "committed") known.set(stream, commit.head);
      return answer.kind === "fenced" ? { kind: "fenced", current: known.get(stream) } : answer;
    },
  };
};

/** "Usually within one second": now and then longer than the way to the store and back. */
const LAGS_MS = [0, 0, 250, 1_000];

/** What stood there a moment ago, as an eventually consistent read answers. */
const eventuallyConsistent: NonNullable<Plant["store"]> = (right, _table, now) => {
  const pasts = new Map<string, { readonly at: number; readonly head: Head }[]>();
  let reads = 0;
  return {
    ...right,
    async read(stream) {
      reads += 1;
      const asOf = now() - (LAGS_MS[reads % LAGS_MS.length] ?? 0);
      return pasts.get(stream)?.findLast(({ at }) => at <= asOf)?.head;
    },
    async commit(commit) {
      const { head } = commit;
      const answer = await right.commit(commit);
      if (answer.kind !== "committed") return answer;
      pasts.set(head.stream, [...(pasts.get(head.stream) ?? []), { at: now(), head }]);
      return answer;
    },
  };
};

export const OUTCOMES: readonly BugWithControl[] = [
  bug("unknown-taken-for-success", "a write whose answer was lost counts as written", {
    heads: unknownIsSuccess,
  }),
  bug("unknown-written-over", "after a lost answer the same is written over what stands there", {
    heads: unknownIsWrittenOver,
  }),
  bug("write-not-awaited", "the batch is answered while its writes are under way", {
    heads: writtenBehind,
  }),
  bug("cached-before-written", "the head cache holds what was about to be written", {
    heads: cachedBeforeWritten,
  }),
  bug("lost-race-keeps-cache", "after a lost race the cached head is believed once more", {
    heads: lostRaceTeachesNothing,
  }),
  bug("stale-read", "the head is read with eventual consistency", { store: eventuallyConsistent }),
];
