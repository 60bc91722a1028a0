/** Caught by bin-imports. */
export type { EpochMs } from "#adapters/memory/store";
