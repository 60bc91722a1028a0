/** Caught by adapters-minisearch-packages. */
export { SQSClient } from "@aws-sdk/client-sqs";
