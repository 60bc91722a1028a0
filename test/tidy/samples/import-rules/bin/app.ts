/** Caught by cdk-app-imports, cdk-app-packages. */
export type { EpochMs } from "#services/orders/ports";
export { ulid } from "@middy/core";
