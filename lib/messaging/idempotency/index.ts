/**
 * Once-ness without order: for an HTTP retry, a webhook, a job. What its users need, by name:
 *
 * - an effect, one at a time or in batches, a strategy that says what is the same, and a store
 * - `hintedStore` in front of a store, where duplicates are many
 * - `commitFirst`, where the effect is the first event of a stream
 */

export {
  type Effect,
  idempotent,
  type IdempotentAnswer,
  type IdempotentOptions,
  type Run,
} from "./idempotent.ts";
export {
  idempotentBatch,
  type IdempotentBatchOptions,
  type ItemAnswer,
} from "./idempotent-batch.ts";
export type { IdempotentSettings, WhenInFlight } from "./idempotent-settings.ts";

// What is the same.
export type { Identity, PayloadOption, Strategy } from "./strategies/strategy.ts";
export { byContentHash, type ByContentHash } from "./strategies/content-hash.ts";
export { byMessageId, type ByMessageId } from "./strategies/message-id.ts";
export { byTimestamp, type ByTimestamp } from "./strategies/timestamp.ts";
export { byVersion, type ByVersion } from "./strategies/version.ts";
export type { PathOf, Selector } from "./selector.ts";

// Where it is remembered; the functions are for writing a store.
export type {
  Claim,
  ClaimAnswer,
  ClaimRequest,
  Completion,
  IdempotencyRecord,
  IdempotencyStore,
  KeptResult,
  OmittedResult,
  Precedent,
} from "./idempotency-store.ts";
export { checkClaim, checkResult } from "./bounds.ts";
export { isSameRun, judge, remembered, type Verdict } from "./judge.ts";

// In front of a store.
export { hintedStore } from "./hinted-store.ts";
export { recentKeys, type SeenKeys } from "./seen-keys.ts";
export { bloomFilter, type BloomFilter, type BloomFilterSettings } from "./bloom-filter.ts";

export { commitFirst, findFirst, type FirstCommit } from "./first-commit.ts";
export type {
  IdempotencyCount,
  IdempotencyDuration,
  IdempotencyMetrics,
} from "./idempotency-metrics.ts";
