/**
 * One EventBridge client per sandbox: its connections outlive an invocation. Region and endpoint come from the SDK's own settings.
 */
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";

let client: EventBridgeClient | undefined;

export function eventBridgeClient(): EventBridgeClient {
  client ??= new EventBridgeClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000 },
  });
  return client;
}
