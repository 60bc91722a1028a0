/** Caught by adapters-memory-imports. */
export type { EpochMs } from "#adapters/aws/queue";
