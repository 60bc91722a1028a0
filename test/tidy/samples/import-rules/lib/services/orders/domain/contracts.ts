/** Caught by domain-imports. */
export type { EpochMs } from "#contracts/names";
