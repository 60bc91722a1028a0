/** Caught by bin-imports. */
export type { EpochMs } from "../functions/payments/charge.ts";
