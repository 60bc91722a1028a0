/** Caught by bin-imports. */
export type { EpochMs as used } from "#services/orders/ports";
