/** Caught by adapters-http-imports. */
export type { EpochMs } from "#services/payments/charge";
