/** Caught by messaging-imports. */
export type { EpochMs } from "#adapters/aws/queue";
