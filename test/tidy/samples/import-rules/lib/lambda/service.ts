/** Caught by lambda-imports. */
export type { EpochMs } from "#services/orders/ports";
