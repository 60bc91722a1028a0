/**
 * How many state transitions one execution took, from its own history: what a Standard workflow is
 * paid by.
 */
import { GetExecutionHistoryCommand, type SFNClient } from "@aws-sdk/client-sfn";
import { Failure } from "#kernel/failure";
import { executionArnOf } from "./saga-starter.ts";

/** A page holds up to 1,000 events and a history 25,000 (Step Functions service quotas). */
const EVENTS_PER_PAGE = 1_000;
const PAGES_MAX = 25;

/** States entered. Throws `Failure` `store-unavailable` (retry). */
export async function stateTransitions(
  { client, sagaArn }: { readonly client: SFNClient; readonly sagaArn: string },
  executionName: string,
): Promise<number> {
  const executionArn = executionArnOf(sagaArn, executionName);
  let entered = 0;
  let token: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { events = [], nextToken } = await send(
      client,
      new GetExecutionHistoryCommand({
        executionArn,
        maxResults: EVENTS_PER_PAGE,
        ...(token !== undefined && { nextToken: token }),
      }),
    );
    entered += events.filter(({ type }) => type?.endsWith("StateEntered")).length;
    token = nextToken;
    if (token === undefined || token === "") break;
  }
  return entered;
}

async function send(client: SFNClient, command: GetExecutionHistoryCommand) {
  try {
    return await client.send(command);
  } catch (cause) {
    throw new Failure("store-unavailable", "retry", "The saga's history could not be read.", {
      cause,
    });
  }
}
