/** Caught by infra-packages. */
export { SQSClient } from "@aws-sdk/client-sqs";
