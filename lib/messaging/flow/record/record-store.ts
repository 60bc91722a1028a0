/**
 * Where a circuit breaker keeps its state and a compensated run its progress: small records, each
 * replaced as a whole, under its version.
 */
import type { JsonObject } from "#kernel/json";

export type VersionedRecord = {
  /** 1 at first; every write adds 1. It is never lowered. */
  readonly version: number;
  /** Fresh for every change, the same when one change is repeated. */
  readonly changeId: string;
  readonly data: JsonObject;
};

export type RecordAnswer =
  | { readonly kind: "written" }
  /** Another change came first; nothing was written. `current` is the record as it is. */
  | { readonly kind: "refused"; readonly current: VersionedRecord | undefined };

/**
 * Contract, the same for every adapter (`test/contract/record-store-contract.ts`):
 * - `read` is strongly consistent, and one request.
 * - `write` is one conditional request: it takes effect only if the stored version is
 *   `record.version - 1` (no record when that is 0).
 * - A write that is repeated with its `changeId` after it took effect answers `written`, as long as
 *   no later one did.
 * - A record that cannot be read is a `Failure` `unexpected` (retry), never an absent record.
 * - Errors: `Failure` with `store-throttled` or `store-unavailable` (nothing was written),
 *   `outcome-unknown` (it may have been, or may be yet: read before going on).
 */
export type RecordStore = {
  read(key: string): Promise<VersionedRecord | undefined>;
  write(key: string, record: VersionedRecord): Promise<RecordAnswer>;
};
