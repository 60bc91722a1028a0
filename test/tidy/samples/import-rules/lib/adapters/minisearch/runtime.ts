/** Caught by adapters-minisearch-imports. */
export type { EpochMs } from "#runtime/config";
