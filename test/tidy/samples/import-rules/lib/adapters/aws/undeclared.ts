/** Caught by no-undeclared-package. */
export { Sha256 } from "@aws-sdk/core";
