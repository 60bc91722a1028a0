/**
 * One SQS client per sandbox: its connections outlive an invocation. Region and endpoint come from
 * the SDK's own settings.
 */
import { SQSClient } from "@aws-sdk/client-sqs";
import { REQUEST_LIMITS } from "../request-limits.ts";

let client: SQSClient | undefined;

export function sqsClient(): SQSClient {
  client ??= new SQSClient(REQUEST_LIMITS);
  return client;
}
