/** Caught by adapters-redis-packages. */
export { SQSClient } from "@aws-sdk/client-sqs";
