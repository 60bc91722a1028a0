/** Caught by test-runners-imports, test-runners-packages. */
export type { EpochMs } from "#services/orders/ports";
export { ulid } from "@middy/core";
