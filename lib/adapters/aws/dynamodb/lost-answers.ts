/**
 * The SDK repeats a request by itself and tells only the last error. A write whose first answer was
 * lost and whose repetition was throttled looks like one that was never done. This notices that an
 * earlier answer may have been lost.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

const lost = new WeakSet<object>();

/** True for an error of a client below if any of its attempts may have taken effect. */
export const answerWasLost = (error: unknown): boolean => isObject(error) && lost.has(error);

/** Answers the same client. */
export function noticeLostAnswers(client: DynamoDBClient): DynamoDBClient {
  const doubtful = new WeakSet<object>();
  // Inside the SDK's retries (step finalizeRequest, priority high): sees every attempt.
  client.middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (mayHaveTakenEffect(error)) doubtful.add(context);
        throw error;
      }
    },
    { step: "finalizeRequest", priority: "low", name: "noticeLostAnswer" },
  );
  // Outside of them: sees the error that is thrown in the end. Both get the context of one call.
  client.middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (isObject(error) && doubtful.has(context)) lost.add(error);
        throw error;
      }
    },
    { step: "initialize", name: "tellLostAnswer" },
  );
  return client;
}

const NOT_SENT: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/**
 * What the service calls the caller's fault it has refused; after a fault of its own, or none of
 * its answers, it may be done.
 */
function mayHaveTakenEffect(error: unknown): boolean {
  if (!isObject(error)) return true;
  if ("code" in error && NOT_SENT.has(error.code)) return false;
  return !("$fault" in error && error.$fault === "client");
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
