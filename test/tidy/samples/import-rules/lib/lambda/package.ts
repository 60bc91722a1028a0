/** Caught by lambda-packages. */
export { App } from "aws-cdk-lib";
