/** Caught by replay-packages. */
export { SQSClient } from "@aws-sdk/client-sqs";
