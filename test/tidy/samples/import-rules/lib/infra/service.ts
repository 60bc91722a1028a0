/** Caught by infra-imports. */
export type { EpochMs } from "#services/orders/ports";
