/** Caught by domain-imports. */
export type { EpochMs } from "../../payments/domain/payment.ts";
