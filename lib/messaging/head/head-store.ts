/**
 * Where heads live, together with the writes that must stand or fall with them.
 */
import type { Message } from "../envelope/envelope.ts";
import type { AuditRecord } from "../state/audit-record.ts";
import type { Head } from "./head.ts";

export type HeadCommit<Write> = {
  /**
   * The head as it shall be: its `version` is the one read plus 1 (but see `over`), its `attemptId`
   * is fresh for every commit and the same when one commit is repeated.
   */
  readonly head: Head & { readonly attemptId: string };
  /**
   * Writes to other items, in the same transaction. Empty for a fold: then one single-item write
   * (unless something is written beside the head).
   */
  readonly writes: readonly Write[];
  /** Items of the stream's own, beside its head; in the same transaction. Absent: none. */
  readonly beside?: readonly BesideWrite[];
  /**
   * The version that has to stand there, 0 for none. Absent: `head.version - 1`. Of a repair, whose
   * own version lies above those of all audit records: else new ones would overwrite them.
   */
  readonly over?: number;
};

/** No two writes of one commit are to one item. */
export type BesideWrite =
  /** A parked body that the head has no room for. */
  | { readonly kind: "park"; readonly message: Message }
  | { readonly kind: "unpark"; readonly sequence: number }
  | { readonly kind: "record"; readonly record: AuditRecord };

export type CommitAnswer =
  | { readonly kind: "committed" }
  /**
   * Another attempt wrote the head first: the fence held. `current` is the item as it is (absent:
   * none).
   */
  | { readonly kind: "fenced"; readonly current: Head | undefined }
  /** The head is as expected, but a condition of one of the writes failed; nothing was written. */
  | { readonly kind: "refused" }
  /** The head, or an item beside it, is larger than the store takes; nothing was written. */
  | { readonly kind: "too-large"; readonly bytes: number; readonly bytesMax: number };

/** What one write takes up in a transaction. */
export type Footprint = {
  /** Names the item it writes; no two writes of one commit may share it. */
  readonly item: string;
  /** Its size as the store counts it, rounded up. */
  readonly bytes: number;
};

/**
 * What fits one commit beside its head, so that the consumer cuts a long run instead of having it
 * refused.
 */
export type CommitBounds<Write> = {
  /** A commit holds the head and a few items beside it over and above. */
  readonly writesMax: number;
  /** Of all writes together. */
  readonly bytesMax: number;
  /** Of each write. */
  readonly writeBytesMax: number;
  /** Pure. */
  footprint(write: Write): Footprint;
};

/**
 * Contract, the same for every adapter (`test/contract/head-store-contract.ts`):
 * - `read` is strongly consistent.
 * - `commit` is atomic: head and writes exist together or not at all; it succeeds only if the
 *   stored version is `over`, by default `head.version - 1` (absent when that is 0).
 * - A commit that is repeated with the same `attemptId` after it has taken effect answers
 *   `committed`.
 * - `readParked` answers those of the sequences that are parked in items of their own.
 * - A head that cannot be read is a `Failure` that names its stream and the cause, never an empty
 *   head.
 * - Errors: `Failure` with `store-throttled` or `store-unavailable` (nothing was written),
 *   `outcome-unknown` (read before retrying).
 */
export type HeadStore<Write = never> = {
  readonly bounds: CommitBounds<Write>;
  read(stream: string): Promise<Head | undefined>;
  /** At most 50 sequences; strongly consistent. */
  readParked(stream: string, sequences: readonly number[]): Promise<readonly Message[]>;
  commit(commit: HeadCommit<Write>): Promise<CommitAnswer>;
};
