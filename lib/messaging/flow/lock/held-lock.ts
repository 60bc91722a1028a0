/**
 * A lock while it is held: extended by a heartbeat, and known to be lost no later than its lease
 * ends by the holder's own clock, whatever the store does.
 */
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { type DurationMs, type EpochMs, later, milliseconds } from "#kernel/units";
import type { Lease, LockStore } from "./lock-store.ts";

/** Why a lock is not held any more. */
export type LockLoss =
  /** The store did not know the lease any more: somebody else has been granted the lock. */
  | "taken"
  /** Its end passed before an extension was answered. */
  | "lease-ended"
  /** It was held for as long as one may. */
  | "held-too-long";

export type HeldLock = {
  /** To be written with everything that the lock protects. */
  readonly token: number;
  /** Aborted once the lock is lost, with a `Failure` `lock-lost` (retry) as its reason. */
  readonly signal: AbortSignal;
  /**
   * Extends the lease now, besides the heartbeat. False: lost.
   *
   * @throws Failure as the store; the lease stands as it was.
   */
  extend(): Promise<boolean>;
  /**
   * False: it was lost before. Repeated, it asks the store again.
   *
   * @throws Failure as the store; the lease then ends by itself.
   */
  release(): Promise<boolean>;
};

export type HoldOptions = {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly lasting: DurationMs;
  readonly beat: DurationMs;
  readonly heldMax: DurationMs;
  readonly onLost: (why: LockLoss) => void;
  readonly onTrouble: (error: unknown) => void;
};

/** @param granted whose end has not passed. */
export function hold(granted: Lease, options: HoldOptions): HeldLock {
  const { store, clock, lasting, beat, onLost, onTrouble } = options;
  const end = later(clock.now(), options.heldMax);
  const loss = new AbortController();
  const over = new AbortController();
  let lease = granted;

  const lose = (why: LockLoss): void => {
    if (over.signal.aborted) return;
    over.abort();
    onLost(why);
    loss.abort(lockLost(granted, why));
  };

  const extend = async (): Promise<boolean> => {
    const extended = await store.extend(lease, clock.now(), lasting);
    if (extended === undefined) lose("taken");
    else if (extended.until > lease.until) lease = extended;
    return !over.signal.aborted;
  };

  /** Ends with the lock: at the latest when its lease is not extended any more. */
  const heartbeat = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await clock.sleep(beat, over.signal);
      if (over.signal.aborted || clock.now() >= end) return;
      await extend().catch(onTrouble);
    }
  };

  /** Apart from the heartbeat: an extension that hangs must not hide that the lease has ended. */
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const now = clock.now();
      if (now >= lease.until) return lose(now >= end ? "held-too-long" : "lease-ended");
      await clock.sleep(milliseconds(lease.until - now), over.signal);
    }
  };

  void heartbeat();
  void watch();

  return {
    token: granted.token,
    signal: loss.signal,
    extend,
    release() {
      over.abort();
      return store.release(lease);
    },
  };
}

const REASONS: Readonly<Record<LockLoss, string>> = {
  taken: "the store knows another holder, or none",
  "lease-ended": "its lease ended before it was extended",
  "held-too-long": "it was held for as long as one holder may",
};

const lockLost = ({ name, token, until }: Lease & { readonly until: EpochMs }, why: LockLoss) =>
  new Failure(
    "lock-lost",
    "retry",
    `The lock ${JSON.stringify(name)} (token ${token}, granted until ${until}) is lost: ` +
      `${REASONS[why]}.`,
  );
