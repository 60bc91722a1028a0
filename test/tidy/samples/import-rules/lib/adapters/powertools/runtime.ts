/** Caught by adapters-powertools-imports. */
export type { EpochMs } from "#runtime/config";
