/** Caught by simulate-imports, simulate-packages. */
export type { EpochMs } from "../../functions/payments/charge.ts";
export { App } from "aws-cdk-lib";
