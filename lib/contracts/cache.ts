/**
 * A copy of something that has its truth elsewhere, kept where it is read faster: in a sandbox's
 * memory, or in a store that sandboxes share.
 */
import type { EpochMs } from "#kernel/units";

export type CacheEntry = {
  /** Of what the copy shows; a higher one is newer. */
  readonly version: number;
  readonly text: string;
  /** By the clock of whoever put it; compared on every read, never left to a store's own expiry. */
  readonly freshUntil: EpochMs;
};

/**
 * Contract (`test/contract/cache-contract.ts`):
 * - `put` never puts an older version in place of a newer one, so that a slow reader cannot undo
 *   what a change has put there; of two with one version the later stands.
 * - An entry may be gone at any time.
 * - Errors: `Failure` (retry). A cache that fails is worked without.
 */
export type Cache = {
  get(key: string): Promise<CacheEntry | undefined>;
  put(key: string, entry: CacheEntry): Promise<void>;
};

/** The layers that copies may be in, the nearest first. */
export type CacheLayerName = "module" | "valkey";

/** What there are copies of. */
export type CopyKind = "product" | "categories";

/** Of a copy in every layer. */
export const copyKey = (kind: CopyKind, key: string): string => `${kind}:${key}`;
