/**
 * Wrong stores of idempotency records: each forgets one thing that the port's contract asks for.
 */
import type { EpochMs } from "#kernel/units";
import type { IdempotencyRecord, IdempotencyStore } from "#messaging/idempotency/index";
import { type IdempotencyBug, idempotencyBug } from "./bug.ts";

/** For looking at a record as it is: before everything. */
const ALWAYS = 0 as EpochMs;

type Claim = IdempotencyStore["claim"];

/** A claim that looks at what stands there first. */
const claiming =
  (
    claim: (
      right: IdempotencyStore,
      ...args: readonly [...Parameters<Claim>, IdempotencyRecord | undefined]
    ) => ReturnType<Claim>,
  ) =>
  (right: IdempotencyStore): IdempotencyStore => ({
    ...right,
    async claim(request, now) {
      return claim(right, request, now, await right.find(request.key, ALWAYS));
    },
  });

const unfencedComplete = (right: IdempotencyStore): IdempotencyStore => ({
  ...right,
  async complete(claim, result, now) {
    const standing = await right.find(claim.key, now);
    if (standing?.status !== "in-progress") return right.complete(claim, result, now);
    const { owner, attempt } = standing;
    return right.complete({ ...claim, owner, attempt }, result, now);
  },
});

const unfencedRelease = (right: IdempotencyStore): IdempotencyStore => ({
  ...right,
  async release(claim) {
    const standing = await right.find(claim.key, ALWAYS);
    const { owner, attempt } = standing ?? claim;
    return right.release({ ...claim, owner, attempt });
  },
});

/** What is there counts, until somebody deletes it. */
const trustsTtl = claiming(async (right, request, now, standing) => {
  const isCompleted = standing?.done !== undefined && standing.status === "completed";
  if (!isCompleted || standing.done.until > now) return right.claim(request, now);
  return { kind: "completed", result: standing.done.result };
});

/** The end of a lease in seconds, compared with milliseconds, is always long ago. */
const leaseInSeconds = claiming(async (right, request, now, standing) => {
  const isHeld = standing?.status === "in-progress" && standing.owner !== request.owner;
  if (!isHeld || standing.leaseUntil / 1_000 > now) return right.claim(request, now);
  return right.claim(request, Math.max(now, standing.leaseUntil) as EpochMs);
});

/** Now in seconds is before the end of every lease. */
const nowInSeconds = claiming(async (right, request, now, standing) => {
  const isHeld = standing?.status === "in-progress" && standing.owner !== request.owner;
  if (!isHeld || standing.leaseUntil <= now / 1_000) return right.claim(request, now);
  return { kind: "in-progress", leaseUntil: standing.leaseUntil };
});

const payloadNotCompared = claiming((right, request, now, standing) =>
  right.claim({ ...request, payloadHash: standing?.payloadHash ?? request.payloadHash }, now),
);

/** Above whatever stands there. */
const rankNotCompared = claiming(async (right, request, now) => {
  const answer = await right.claim(request, now);
  if (answer.kind !== "stale") return answer;
  return right.claim({ ...request, rank: answer.rank + 1 }, now);
});

/** What was completed is forgotten with the next claim of a lease that has ended. */
const completedIsFree = claiming(async (right, request, now, standing) => {
  const isDone = standing?.status === "completed" && standing.leaseUntil <= now;
  if (!isDone) return right.claim(request, now);
  return right.claim(request, Math.max(now, standing.keepUntil) as EpochMs);
});

/** What is refused ends as what failed does: it gives the key back. */
const refusalGivesBack = claiming(async (right, request, now, standing) => {
  const answer = await right.claim(request, now);
  if (answer.kind === "mismatch" && standing !== undefined) await right.release(standing);
  return answer;
});

/** As text, whatever it was. */
const bytesBecomeText = (right: IdempotencyStore): IdempotencyStore => ({
  ...right,
  complete: (claim, result, now) =>
    right.complete(claim, result instanceof Uint8Array ? String(result) : result, now),
});

export const PLANTED_RECORDS: readonly IdempotencyBug[] = [
  idempotencyBug("once-unfenced-complete", "a run that was taken over completes the record", {
    record: unfencedComplete,
  }),
  idempotencyBug("once-unfenced-release", "a run that was taken over gives the key back", {
    record: unfencedRelease,
  }),
  idempotencyBug("once-trusts-ttl", "a record counts until TTL has deleted it", {
    record: trustsTtl,
  }),
  idempotencyBug("once-lease-in-seconds", "a lease's end in seconds is compared with now in ms", {
    record: leaseInSeconds,
  }),
  idempotencyBug("once-now-in-seconds", "now in seconds is compared with a lease's end in ms", {
    record: nowInSeconds,
  }),
  idempotencyBug("once-payload-not-compared", "another content under a key counts as the same", {
    record: payloadNotCompared,
  }),
  idempotencyBug("once-rank-not-compared", "what is older than what was applied is applied", {
    record: rankNotCompared,
  }),
  idempotencyBug("once-completed-is-free", "a record is free when its lease is over, done or not", {
    record: completedIsFree,
  }),
  idempotencyBug("once-refusal-gives-back", "a request with another content frees the key", {
    record: refusalGivesBack,
  }),
  idempotencyBug("once-bytes-become-text", "a result of bytes is replayed as text", {
    record: bytesBecomeText,
  }),
];
