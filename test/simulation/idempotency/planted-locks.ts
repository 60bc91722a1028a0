/**
 * Wrong locks, and wrong ways to protect something by one.
 */
import { memoryLockStore } from "#adapters/memory/lock-store";
import { later } from "#kernel/units";
import type { LockStore } from "#messaging/flow/index";
import { type IdempotencyBug, idempotencyBug } from "./bug.ts";

/** A lock that is given back is a new one. */
const tokenBeginsAnew = (): LockStore => {
  let right = memoryLockStore();
  return {
    acquire: (...asked) => right.acquire(...asked),
    extend: (...asked) => right.extend(...asked),
    async release(lease) {
      const isReleased = await right.release(lease);
      if (isReleased) right = memoryLockStore();
      return isReleased;
    },
    find: (name) => right.find(name),
  };
};

const releasedByAnybody = (right: LockStore): LockStore => ({
  ...right,
  release: async (lease) => right.release((await right.find(lease.name)) ?? lease),
});

/** By an owner whose lease has ended, too, also when another one has it. */
const extendedByAnybody = (right: LockStore): LockStore => ({
  ...right,
  async extend(lease, now, lasting) {
    const standing = await right.find(lease.name);
    const extended = await right.extend(standing ?? lease, now, lasting);
    return extended === undefined ? undefined : { ...lease, until: extended.until };
  },
});

/** An ended lease that nobody has taken yet is extended as if it stood. */
const ownerNotCompared = (right: LockStore): LockStore => ({
  ...right,
  async acquire(name, owner, now, lasting) {
    const answer = await right.acquire(name, owner, now, lasting);
    const standing = await right.find(name);
    if (answer.kind === "granted" || standing === undefined) return answer;
    return { kind: "granted", lease: { ...standing, owner } };
  },
});

/** The end of a lease in seconds, compared with milliseconds, is always long ago. */
const lockLeaseInSeconds = (right: LockStore): LockStore => ({
  ...right,
  async acquire(name, owner, now, lasting) {
    const standing = await right.find(name);
    const isHeld = standing !== undefined && standing.until > now && standing.owner !== owner;
    if (!isHeld || standing.until / 1_000 > now) return right.acquire(name, owner, now, lasting);
    await right.release(standing);
    return right.acquire(name, owner, now, lasting);
  },
});

/** The token of a lease is read from a clock. */
const tokenFromClock = (right: LockStore): LockStore => {
  const tokens = new Map<number, number>();
  return {
    ...right,
    async acquire(name, owner, now, lasting) {
      const answer = await right.acquire(name, owner, now, lasting);
      if (answer.kind === "held") return answer;
      const { lease } = answer;
      const token = tokens.get(lease.token) ?? Math.floor(now / 10_000);
      tokens.set(lease.token, token);
      return { kind: "granted", lease: { ...lease, token } };
    },
    extend: async (lease, now, lasting) => {
      const standing = await right.find(lease.name);
      if (standing?.owner !== lease.owner) return undefined;
      const extended = await right.extend(standing, now, lasting);
      return extended === undefined ? undefined : { ...lease, until: later(now, lasting) };
    },
    async release(lease) {
      const standing = await right.find(lease.name);
      return standing?.owner === lease.owner ? right.release(standing) : false;
    },
    async find(name) {
      const standing = await right.find(name);
      if (standing === undefined) return undefined;
      return { ...standing, token: tokens.get(standing.token) ?? 0 };
    },
  };
};

export const PLANTED_LOCKS: readonly IdempotencyBug[] = [
  idempotencyBug("lock-token-begins-anew", "after a release the tokens begin at 1 again", {
    lock: () => tokenBeginsAnew(),
  }),
  idempotencyBug("lock-released-by-anybody", "a late holder's release frees the next one's lock", {
    lock: releasedByAnybody,
  }),
  idempotencyBug("lock-extended-by-anybody", "a late holder's heartbeat extends the next one's", {
    lock: extendedByAnybody,
  }),
  idempotencyBug("lock-given-twice", "a lock that is held is given to whoever asks", {
    lock: ownerNotCompared,
  }),
  idempotencyBug("lock-lease-in-seconds", "a lease's end in seconds is compared with now in ms", {
    lock: lockLeaseInSeconds,
  }),
  idempotencyBug("lock-token-from-clock", "a clock gives the tokens", { lock: tokenFromClock }),
  idempotencyBug("lock-token-not-checked", "what is protected takes a write with any token", {
    takesToken: () => true,
  }),
  idempotencyBug("lock-token-not-kept", "what is protected compares tokens and keeps none", {
    keepsToken: false,
  }),
  idempotencyBug("lock-read-before-token", "a holder reads before it has shown its token", {
    showsTokenFirst: false,
  }),
  idempotencyBug("lock-token-must-be-new", "what is protected takes one write of each token", {
    takesToken: (lastSeen, token) => lastSeen === undefined || lastSeen < token,
  }),
];
