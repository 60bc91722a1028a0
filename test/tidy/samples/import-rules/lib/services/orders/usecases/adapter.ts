/** Caught by services-imports. */
export type { EpochMs } from "#adapters/aws/queue";
