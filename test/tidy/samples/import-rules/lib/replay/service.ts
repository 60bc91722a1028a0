/** Caught by replay-imports. */
export type { EpochMs } from "#services/orders/ports";
