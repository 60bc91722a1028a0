/**
 * Which streams of a consumer need somebody: found by an index that healthy streams are not in.
 */
import type { EpochMs } from "#kernel/units";

/**
 * Contract (`test/contract/head-index-contract.ts`): eventually consistent; a stream is in at most
 * one of the two lists. Errors: as `HeadStore.read`.
 */
export type HeadIndex = {
  /** Streams whose `dueAt` is at or before `now`, at most `limit`, the longest due first. */
  due(now: EpochMs, limit: number): Promise<readonly string[]>;
  /** Halted streams, at most `limit`, the longest halted first. */
  halted(limit: number): Promise<readonly string[]>;
};
