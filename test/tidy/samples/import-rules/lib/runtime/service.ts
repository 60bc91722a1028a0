/** Caught by runtime-imports. */
export type { EpochMs } from "#services/orders/ports";
