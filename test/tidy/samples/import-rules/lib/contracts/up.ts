/** Caught by contracts-imports. */
export type { EpochMs } from "#messaging";
