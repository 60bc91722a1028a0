/** Caught by adapters-http-packages. */
export { SQSClient } from "@aws-sdk/client-sqs";
