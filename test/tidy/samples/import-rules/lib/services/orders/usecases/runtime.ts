/** Caught by services-imports. */
export type { EpochMs } from "#runtime/config";
