/** Caught by local-cloud-imports. */
export type { EpochMs } from "#contracts/names";
