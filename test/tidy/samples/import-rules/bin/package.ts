/** Caught by bin-packages. */
export { App } from "aws-cdk-lib";
