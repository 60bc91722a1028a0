/**
 * Where heads live, together with the writes that must stand or fall with them.
 */
import type { Head } from "./head.ts";

export type HeadCommit<Write> = {
  /** The head as it shall be; its `version` is the one read plus 1. */
  readonly head: Head;
  /** Names this attempt, so that a writer whose answer was lost can find out whether the write was its own. */
  readonly attemptId: string;
  /** Writes to other items, in the same transaction. Empty for a fold: then one single-item write. */
  readonly writes: readonly Write[];
};

export type CommitAnswer =
  | { readonly kind: "committed" }
  /** Another attempt wrote the head first: the fence held. `current` is the item as it is (absent: none). */
  | { readonly kind: "fenced"; readonly current: Head | undefined }
  /** The head is as expected, but a condition of one of the writes failed; nothing was written. */
  | { readonly kind: "refused" };

/**
 * Contract, the same for every adapter (`test/contract/head-store-contract.ts`):
 * - `read` is strongly consistent.
 * - `commit` is atomic: head and writes exist together or not at all; it succeeds only if the stored version is
 *   `head.version - 1` (absent when that is 0).
 * - A commit that is repeated with the same `attemptId` after it has taken effect answers `committed`.
 * - Errors: `Failure` with `store-throttled` (retry: nothing was written), `outcome-unknown` (retry: read first).
 */
export type HeadStore<Write = never> = {
  read(stream: string): Promise<Head | undefined>;
  commit(commit: HeadCommit<Write>): Promise<CommitAnswer>;
};
