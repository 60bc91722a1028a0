/**
 * Lets one holder at a time work on a thing, among any number of processes. As every lock with a
 * lease it can be believed by two for a moment; what makes it safe is the fencing token, which
 * what it protects has to check (`takesToken`, `fencedWrite`).
 */
import type { Clock } from "#kernel/clock";
import { Failure, isFailure } from "#kernel/failure";
import type { NewId } from "#kernel/ids";
import { fullJitter } from "#kernel/jitter";
import { type DurationMs, type EpochMs, later, milliseconds } from "#kernel/units";
import { flowSettings } from "../flow-settings.ts";
import { type HeldLock, hold, type LockLoss } from "./held-lock.ts";
import type { AcquireAnswer, LockStore } from "./lock-store.ts";

export type LockSettings = {
  /**
   * How long a lease lasts without a heartbeat: how long a dead holder keeps others out. Default
   * 30,000.
   */
  readonly leaseMs: number;
  /** Between two extensions. Default 10,000; keep it at most a third of `leaseMs`. */
  readonly heartbeatMs: number;
  /** Since the grant; then there are no more extensions. Default 900,000, a function's longest. */
  readonly heldMaxMs: number;
  /** The longest pause between two attempts at a lock that is held. Default 1,000. */
  readonly longestPauseMs: number;
};

/** `kind` and `why` are bounded, so they may be dimensions of a metric; `name` is for logs. */
export type LockEvent =
  | { readonly kind: "acquired"; readonly name: string; readonly waitedMs: number }
  /** Somebody else held it for all that time. */
  | { readonly kind: "not-acquired"; readonly name: string; readonly waitedMs: number }
  | { readonly kind: "lost"; readonly name: string; readonly why: LockLoss }
  /** The lease stands, and is extended at the next beat or ends by itself. */
  | { readonly kind: "extend-failed"; readonly name: string; readonly error: unknown }
  | { readonly kind: "release-failed"; readonly name: string; readonly error: unknown };

export type LockOptions = {
  readonly store: LockStore;
  readonly clock: Clock;
  /** Names each acquisition. */
  readonly newId: NewId;
  /** Answers a number in [0, 1): `Math.random`, or a seeded generator's. */
  readonly random: () => number;
  readonly settings?: Partial<LockSettings>;
  readonly observe?: (event: LockEvent) => void;
};

export type DistributedLock = {
  /**
   * Undefined when somebody else held it for `waiting` (default: asked once). Waiters have no
   * order.
   *
   * @throws Failure as the store. If the outcome stayed unknown the lock may be held by nobody
   * until the lease has ended.
   */
  acquire(name: string, waiting?: DurationMs): Promise<HeldLock | undefined>;
  /**
   * Answers what `work` answers, also when the lock was lost meanwhile: what was written under it
   * is as good as the tokens it was written with. A release that fails is observed, not thrown.
   *
   * @throws whatever `work` throws; Failure `lock-held` (retry), and those of the store.
   */
  holding<Answer>(
    name: string,
    work: (held: HeldLock) => Promise<Answer>,
    waiting?: DurationMs,
  ): Promise<Answer>;
};

/** Of asking for one grant whose outcome is unknown, each with the same owner. */
const UNKNOWN_MAX = 3;
const FIRST_PAUSE_MS = 50;
/** A draw of no pause at all is a request too many. */
const SHORTEST_PAUSE_MS = 5;

/** @throws Failure `misconfigured` for a setting that is out of its range. */
export function distributedLock(options: LockOptions): DistributedLock {
  const { store, clock, newId, random, observe } = options;
  const settings = checked(options.settings ?? {});
  const lasting = milliseconds(settings.leaseMs);
  const pauses = { firstMs: FIRST_PAUSE_MS, longestMs: settings.longestPauseMs };

  const acquire: DistributedLock["acquire"] = async (name, waiting = milliseconds(0)) => {
    const owner = newId();
    const begun = clock.now();
    const deadline = later(begun, waiting);
    for (let round = 0; ; round += 1) {
      const answer = await ask(store, name, owner, () => clock.now(), lasting);
      const waitedMs = clock.now() - begun;
      // A grant that took as long to arrive as it lasts is none.
      if (answer.kind === "granted" && answer.lease.until > clock.now()) {
        observe?.({ kind: "acquired", name, waitedMs });
        return hold(answer.lease, {
          store,
          clock,
          lasting,
          beat: milliseconds(settings.heartbeatMs),
          heldMax: milliseconds(settings.heldMaxMs),
          onLost: (why) => observe?.({ kind: "lost", name, why }),
          onTrouble: (error) => observe?.({ kind: "extend-failed", name, error }),
        });
      }
      const pause = Math.max(SHORTEST_PAUSE_MS, fullJitter(pauses, round, random));
      if (later(clock.now(), milliseconds(pause)) > deadline) {
        observe?.({ kind: "not-acquired", name, waitedMs });
        return undefined;
      }
      await clock.sleep(milliseconds(pause));
    }
  };

  return {
    acquire,
    async holding(name, work, waiting) {
      const held = await acquire(name, waiting);
      if (held === undefined) throw lockHeld(name, waiting ?? 0);
      try {
        return await work(held);
      } finally {
        await held.release().catch((error: unknown) => {
          observe?.({ kind: "release-failed", name, error });
        });
      }
    },
  };
}

/** The outcome is known at the end: what is unknown is looked up, then asked for again. */
async function ask(
  store: LockStore,
  name: string,
  owner: string,
  now: () => EpochMs,
  lasting: DurationMs,
): Promise<AcquireAnswer> {
  for (let unknown = 1; ; unknown += 1) {
    try {
      return await store.acquire(name, owner, now(), lasting);
    } catch (error) {
      if (!isFailure(error) || error.code !== "outcome-unknown") throw error;
      const found = await store.find(name);
      if (found?.owner === owner) return { kind: "granted", lease: found };
      if (unknown === UNKNOWN_MAX) throw error;
    }
  }
}

const lockHeld = (name: string, waitedMs: number): Failure =>
  new Failure(
    "lock-held",
    "retry",
    `The lock ${JSON.stringify(name)} was held by another for ${waitedMs} ms; try again later.`,
  );

const DEFAULTS: LockSettings = {
  leaseMs: 30_000,
  heartbeatMs: 10_000,
  heldMaxMs: 900_000,
  longestPauseMs: 1_000,
};

function checked(given: Partial<LockSettings>): LockSettings {
  const settings = flowSettings("a lock", given, DEFAULTS, {
    leaseMs: [1_000, 3_600_000],
    heartbeatMs: [100, 1_200_000],
    heldMaxMs: [1_000, 86_400_000],
    longestPauseMs: [10, 60_000],
  });
  if (settings.heartbeatMs * 2 < settings.leaseMs) return settings;
  throw new Failure(
    "misconfigured",
    "reject",
    "Settings of a lock: heartbeatMs must be less than half of leaseMs, so that one beat may be " +
      `lost; received ${settings.heartbeatMs} of ${settings.leaseMs}.`,
  );
}
