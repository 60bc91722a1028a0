/**
 * The port to whatever remembers which effects have been had. A record belongs to one key: who may
 * run its effect now, until when, and what came out of it.
 */
import type { DurationMs, EpochMs } from "#kernel/units";

export type ClaimRequest = {
  /** What is done once: 1 to 1,024 bytes of UTF-8, not blank. */
  readonly key: string;
  /** One run of the effect, new for each: two runs that share an owner are one to the store. */
  readonly owner: string;
  /** Of what the key stands for; the same key with another one is refused. */
  readonly payloadHash: string;
  /** How long the effect has the key to itself, from `now` on. */
  readonly leaseMs: DurationMs;
  /** How long the key is remembered, counted from its claim; at least `leaseMs`. */
  readonly keepMs: DurationMs;
  /**
   * Given by strategies that apply only what is newer: then the key is an entity, a higher rank is
   * another piece of work under it, and each rank has a payload of its own. An integer >= 0.
   */
  readonly rank?: number;
};

/** The right to have the effect, and the fence of every later write. Plain data. */
export type Claim = {
  readonly key: string;
  readonly owner: string;
  /** 1 for the first claim of a record; each one after it is higher. */
  readonly attempt: number;
  readonly leaseUntil: EpochMs;
};

/** Text and bytes come back exactly; of a result that could not be kept only its size does. */
export type KeptResult = string | Uint8Array | OmittedResult;

export type OmittedResult = { readonly omittedBytes: number };

/** What stood under the key when it was claimed. */
export type Precedent =
  | "nothing"
  /** A record whose time to be kept was over. */
  | "expired"
  /** A run that gave the key back: it says that it had no effect. */
  | "released"
  /** A run whose lease ended without a word: its effect may stand. */
  | "abandoned"
  /** An effect of a lower rank. */
  | "older"
  /** This very claim; the answer to it was lost. */
  | "itself";

export type ClaimAnswer =
  | { readonly kind: "claimed"; readonly claim: Claim; readonly follows: Precedent }
  /** The effect has been had. */
  | { readonly kind: "completed"; readonly result: KeptResult }
  | { readonly kind: "in-progress"; readonly leaseUntil: EpochMs }
  /** The key stands for another payload. */
  | { readonly kind: "mismatch" }
  /** A higher rank was applied, or was begun and abandoned, so that it may have been. */
  | { readonly kind: "stale"; readonly rank: number };

export type IdempotencyRecord = {
  readonly key: string;
  /** Of the newest claim. */
  readonly status: "in-progress" | "released" | "completed";
  readonly owner: string;
  readonly attempt: number;
  readonly payloadHash: string;
  readonly rank?: number;
  readonly leaseUntil: EpochMs;
  readonly keepUntil: EpochMs;
  /** The newest completion: of this claim, or of one with a lower rank. */
  readonly done?: Completion;
};

export type Completion = {
  readonly owner: string;
  readonly attempt: number;
  readonly payloadHash: string;
  readonly rank?: number;
  /**
   * When it is forgotten: `keepUntil` of the claim that it completed, or of one with a lower rank
   * that it took the place of, whichever is later. A claim may land behind a younger one.
   */
  readonly until: EpochMs;
  readonly result: KeptResult;
};

/**
 * Contract, the same for every adapter (`test/contract/idempotency-store-contract.ts`):
 * - `claim` is atomic and decides as `judge` does: of concurrent claims of one key exactly one is
 *   claimed. An expired lease may be taken over, with the next attempt.
 * - `complete` and `release` are fenced by owner **and** attempt: a run that was taken over can do
 *   neither. `complete` of a claim whose lease has ended, but which nobody took over, holds.
 * - A completion takes the place of an older one and is kept at least as long as that.
 * - Attempts only grow while a record lives.
 * - Whatever expires is compared with `now` in the condition of the write itself; deletion by the
 *   store's own clock only cleans up, later.
 * - A call that is repeated after it has taken effect answers as the first one did. So after
 *   `outcome-unknown` the caller repeats the same call: that reads back what came of it.
 * - A released key stays bound to its payload.
 * - `find` is strongly consistent; what has expired is not found.
 * - A result of more than `resultBytesMax` bytes, or text with a lone surrogate, is refused by
 *   `complete` with `payload-too-large` or `invalid-request` (reject), and nothing is written: the
 *   effect stands, so complete with `{ omittedBytes }` then.
 * - Errors: `Failure`, action `retry`, with `store-throttled` or `store-unavailable` (nothing was
 *   written) or `outcome-unknown` (repeat the call); `invalid-request` (reject) for a request that
 *   breaks the bounds above.
 */
export type IdempotencyStore = {
  readonly resultBytesMax: number;
  claim(request: ClaimRequest, now: EpochMs): Promise<ClaimAnswer>;
  complete(claim: Claim, result: KeptResult, now: EpochMs): Promise<"completed" | "lost">;
  /** Says that the claim had no effect; the next claim follows at once. */
  release(claim: Claim): Promise<"released" | "lost">;
  find(key: string, now: EpochMs): Promise<IdempotencyRecord | undefined>;
};
