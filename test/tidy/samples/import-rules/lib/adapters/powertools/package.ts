/** Caught by adapters-powertools-packages. */
export { SQSClient } from "@aws-sdk/client-sqs";
