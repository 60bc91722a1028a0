/**
 * The producer's side of order: events are numbered where they are stored, never on the bus.
 */
import type { JsonObject } from "#kernel/json";
import type { EpochMs } from "#kernel/units";

export type StoredEvent = {
  readonly type: string;
  /** Contiguous within the stream, from 1. */
  readonly sequence: number;
  readonly data: JsonObject;
};

/**
 * What one decision added to a stream, written as one item; the table's change stream is the
 * outbox.
 */
export type Commit = {
  readonly stream: string;
  /** Contiguous within the stream, from 1: the optimistic lock. */
  readonly number: number;
  /** At least one; sequences follow on from the previous commit's. */
  readonly events: readonly StoredEvent[];
  readonly recordedAt: EpochMs;
  /** Hash of the request that caused it, where the commit is that request's idempotency record. */
  readonly fingerprint?: string;
  readonly traceparent?: string;
};

export type AppendAnswer =
  | { readonly kind: "appended" }
  /** That number is taken; `commit` is what stands there. Nothing was written. */
  | { readonly kind: "exists"; readonly commit: Commit };

/** Of a stream's sequences; both ends belong to it. Without `to`: up to the stream's end. */
export type EventRange = { readonly from: number; readonly to?: number | undefined };

/** Whether the commit has an event of it. */
export const isWithin = ({ events }: Commit, { from, to = Infinity }: EventRange): boolean =>
  Math.max(events[0]?.sequence ?? 1, from) <= Math.min(events.at(-1)?.sequence ?? 0, to);

/**
 * Contract, the same for every adapter (`test/contract/event-store-contract.ts`):
 * - `append` is one conditional write: of concurrent appends with one number exactly one is
 *   appended.
 * - `read` is strongly consistent and in commit order; an unknown stream is empty. With a range it
 *   answers the commits that have an event of it, each whole, and costs what is behind `from`,
 *   however much is before.
 * - Errors: `Failure`, action `retry`, with `store-throttled` or `store-unavailable` (nothing was
 *   written) or `outcome-unknown` (read before retrying).
 */
export type EventStore = {
  append(commit: Commit): Promise<AppendAnswer>;
  read(stream: string, range?: EventRange): Promise<readonly Commit[]>;
};

/**
 * Everything that was recorded since an instant, of all streams: for operators and repairs, as it
 * may read much to find little.
 *
 * Contract (`test/contract/commit-log-contract.ts`): pages that each fit into memory; commits of
 * one stream come together and in order; what is recorded meanwhile may be missing. A commit that
 * cannot be read keeps no other back: all others are answered, then the `Failure` of the first such
 * commit is thrown, which names it and its stream. Other errors: as `EventStore.read`, at once.
 */
export type CommitLog = {
  since(since: EpochMs): AsyncIterable<readonly Commit[]>;
};

/** A commit to be written as part of a consumer's effects, in the same transaction as its head. */
export type AppendWrite = { readonly kind: "append"; readonly commit: Commit };
