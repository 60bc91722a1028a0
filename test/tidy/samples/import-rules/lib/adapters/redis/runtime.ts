/** Caught by adapters-redis-imports. */
export type { EpochMs } from "#runtime/config";
