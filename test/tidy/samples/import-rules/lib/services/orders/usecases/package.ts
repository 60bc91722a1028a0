/** Caught by services-packages. */
export { SQSClient } from "@aws-sdk/client-sqs";
