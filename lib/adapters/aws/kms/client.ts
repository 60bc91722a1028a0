/**
 * One KMS client per sandbox: its connections outlive an invocation. Region and endpoint come from
 * the SDK's own settings.
 */
import { KMSClient } from "@aws-sdk/client-kms";
import { REQUEST_LIMITS } from "../request-limits.ts";

let client: KMSClient | undefined;

export function kmsClient(): KMSClient {
  client ??= new KMSClient(REQUEST_LIMITS);
  return client;
}
