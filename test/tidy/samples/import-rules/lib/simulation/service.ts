/** Caught by simulation-imports. */
export type { EpochMs } from "#services/orders/ports";
