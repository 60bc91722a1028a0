/** Caught by services-imports. */
export type { EpochMs } from "#services/payments/charge";
