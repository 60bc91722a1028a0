/**
 * Ends a state that waits with a task token. What it waited for is on the order; the answer says
 * nothing.
 */
import {
  InvalidToken,
  SendTaskSuccessCommand,
  type SFNClient,
  TaskDoesNotExist,
  TaskTimedOut,
} from "@aws-sdk/client-sfn";
import { Failure } from "#kernel/failure";
import type { SagaCallbacks } from "#services/orders/ports";

export const stepFunctionsCallbacks = (client: SFNClient): SagaCallbacks => ({
  async wake(taskToken) {
    try {
      await client.send(new SendTaskSuccessCommand({ taskToken, output: "{}" }));
      return "woken";
    } catch (cause) {
      if (isGone(cause)) return "gone";
      // The token is a credential: it is not in the message.
      const message = "Step Functions could not be told of a decision";
      throw new Failure("store-unavailable", "retry", message, { cause });
    }
  },
});

/** Ended, timed out, or retried under another token. */
const isGone = (error: unknown): boolean =>
  error instanceof TaskDoesNotExist ||
  error instanceof TaskTimedOut ||
  error instanceof InvalidToken;
