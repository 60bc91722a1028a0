/**
 * One Step Functions client per sandbox: its connections outlive an invocation. Region and endpoint
 * come from the SDK's own settings.
 */
import { SFNClient } from "@aws-sdk/client-sfn";

let client: SFNClient | undefined;

export function stepFunctionsClient(): SFNClient {
  client ??= new SFNClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000 },
  });
  return client;
}
