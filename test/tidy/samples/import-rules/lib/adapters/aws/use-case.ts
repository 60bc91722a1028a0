/** Caught by adapters-aws-imports. */
export type { EpochMs } from "#services/payments/charge";
