/** Caught by functions-imports. */
export type { EpochMs } from "#adapters/memory/store";
