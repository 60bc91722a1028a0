/**
 * One SQS client per sandbox: its connections outlive an invocation. Region and endpoint come from the SDK's own settings.
 */
import { SQSClient } from "@aws-sdk/client-sqs";

let client: SQSClient | undefined;

export function sqsClient(): SQSClient {
  client ??= new SQSClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000 },
  });
  return client;
}
