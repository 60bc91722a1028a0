/** Caught by simulate-imports. */
export type { EpochMs } from "../functions/payments/charge.ts";
export type { EpochMs as used } from "#services/orders/ports";
export { expect } from "../test/support/shop.ts";
