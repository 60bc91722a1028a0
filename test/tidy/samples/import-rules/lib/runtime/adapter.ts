/** Caught by runtime-imports. */
export type { EpochMs } from "#adapters/aws/queue";
