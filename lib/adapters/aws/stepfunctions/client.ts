/**
 * One Step Functions client per sandbox: its connections outlive an invocation. Region and endpoint
 * come from the SDK's own settings.
 */
import { SFNClient } from "@aws-sdk/client-sfn";
import { REQUEST_LIMITS } from "../request-limits.ts";

let client: SFNClient | undefined;

export function stepFunctionsClient(): SFNClient {
  client ??= new SFNClient(REQUEST_LIMITS);
  return client;
}
