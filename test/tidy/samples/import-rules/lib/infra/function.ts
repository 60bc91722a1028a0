/** Caught by infra-imports. */
export type { EpochMs } from "../../functions/payments/charge.ts";
