/** Caught by kernel-imports. */
export type { EpochMs } from "#contracts/names";
