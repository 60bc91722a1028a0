/** Caught by functions-imports. */
export type { EpochMs } from "../payments/charge.ts";
