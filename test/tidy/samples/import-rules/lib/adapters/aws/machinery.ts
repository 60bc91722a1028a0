/** Caught by adapters-aws-imports. */
export type { EpochMs } from "#messaging/consumer/consumer";
