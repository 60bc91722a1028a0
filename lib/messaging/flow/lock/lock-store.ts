/**
 * Who may work on a thing, and until when, together with the number that lets the thing itself
 * refuse everybody else.
 */
import type { DurationMs, EpochMs } from "#kernel/units";

export type Lease = {
  /** Of the lock. */
  readonly name: string;
  /** Of one acquisition: no other one has the same. */
  readonly owner: string;
  /** The fencing token: each grant of a lock has a greater one than all before. From 1. */
  readonly token: number;
  /** By the clock of whoever acquired or extended it. */
  readonly until: EpochMs;
};

export type AcquireAnswer =
  | { readonly kind: "granted"; readonly lease: Lease }
  /** By another owner, until then by that one's clock. */
  | { readonly kind: "held"; readonly until: EpochMs };

/**
 * Contract, the same for every adapter (`test/contract/lock-store-contract.ts`):
 * - `acquire`, `extend` and `release` are atomic, and one conditional request each.
 * - `acquire` is granted when the lock was never held, was released, or its lease has ended by
 *   `now`; then its token is the last one plus 1. The token never goes down: a lock's record stays,
 *   whatever becomes of its leases.
 * - `acquire` by an owner whose lease stands is granted that lease again: it may be repeated.
 * - `extend` moves the end of the present lease to `now` plus `lasting`, never to an earlier time.
 *   Undefined when the lease has ended by `now`, was released, or is another's: nothing was
 *   written.
 * - `release` ends the lease; repeated, it answers the same. False: it was another's, nothing was
 *   written.
 * - `find` answers the last lease, also one that has ended; strongly consistent.
 * - Errors: `Failure` with `store-throttled` or `store-unavailable` (nothing was written),
 *   `outcome-unknown` (it may have been, or may be yet: find before going on).
 */
export type LockStore = {
  acquire(name: string, owner: string, now: EpochMs, lasting: DurationMs): Promise<AcquireAnswer>;
  extend(lease: Lease, now: EpochMs, lasting: DurationMs): Promise<Lease | undefined>;
  release(lease: Lease): Promise<boolean>;
  find(name: string): Promise<Lease | undefined>;
};
