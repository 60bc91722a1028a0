/**
 * One EventBridge client per sandbox: its connections outlive an invocation. Region and endpoint
 * come from the SDK's own settings.
 */
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { REQUEST_LIMITS } from "../request-limits.ts";

let client: EventBridgeClient | undefined;

export function eventBridgeClient(): EventBridgeClient {
  client ??= new EventBridgeClient(REQUEST_LIMITS);
  return client;
}
