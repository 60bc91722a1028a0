/** Caught by adapters-aws-packages. */
export { App } from "aws-cdk-lib";
