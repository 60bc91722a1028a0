/** Caught by local-cloud-packages. */
export { SQSClient } from "@aws-sdk/client-sqs";
