/** Caught by adapters-opensearch-packages. */
export { SQSClient } from "@aws-sdk/client-sqs";
