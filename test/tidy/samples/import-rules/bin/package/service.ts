/** Caught by package-imports. */
export type { EpochMs } from "#services/orders/ports";
