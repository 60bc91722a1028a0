/** Caught by messaging-imports. */
export type { EpochMs } from "#contracts/names";
