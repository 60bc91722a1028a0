/** Caught by adapters-opensearch-imports. */
export type { EpochMs } from "#runtime/config";
