/** Caught by package-packages. */
export { App } from "aws-cdk-lib";
