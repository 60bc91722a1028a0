/**
 * Calls to somebody else that are counted wrongly, or made by too many or by nobody.
 */
import { milliseconds } from "#kernel/units";
import type { Plant } from "../system.ts";
import { bug, type BugWithControl, written } from "./bug.ts";

const notAwaited: NonNullable<Plant["external"]> = (right) => ({
  ...right,
  async call(message, call) {
    void right.call(message, call).catch(() => undefined);
  },
});

const keyOfAttempt: NonNullable<Plant["external"]> = (right) => ({
  ...right,
  call(message, { key, attempt }) {
    return right.call(message, { key: attempt === 1 ? key : `${key}:${attempt}`, attempt });
  },
});

/** As long as the idempotency records of Powertools live by default. */
const HOUR_MS = 3_600_000;

const unowned = written((commit) => {
  const { called: _, ...head } = commit.head;
  return { ...commit, head };
});

const unclaimed = written((commit) => {
  const { claim: _, ...head } = commit.head;
  return { ...commit, head };
});

export const CALLS: readonly BugWithControl[] = [
  bug("call-not-awaited", "the message counts as done while the call for it is under way", {
    kind: "external",
    external: notAwaited,
  }),
  bug("key-for-each-attempt", "a second call for one message has an idempotency key of its own", {
    kind: "external",
    external: keyOfAttempt,
  }),
  bug("lease-without-end", "the claim of a sandbox that died is never given up", {
    kind: "external",
    external: (right) => ({ ...right, leaseMs: milliseconds(HOUR_MS) }),
  }),
  bug("call-without-owner", "which message was called for is forgotten with the claim", {
    kind: "external",
    store: unowned,
  }),
  bug("call-not-claimed", "somebody else is called without the stream being claimed for it", {
    kind: "external",
    store: unclaimed,
  }),
];
