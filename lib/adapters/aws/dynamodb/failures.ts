/**
 * What an error of DynamoDB means to the caller: nothing was written, or nobody knows.
 * Source: "Error handling with DynamoDB", Amazon DynamoDB Developer Guide.
 */
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import { Failure, isFailure } from "#kernel/failure";
import { answerWasLost } from "./lost-answers.ts";

/** Refused before anything was written: too much, or at the same moment as somebody else. */
const THROTTLED: ReadonlySet<string> = new Set([
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
  "TransactionConflictException",
]);

const THROTTLED_REASONS: ReadonlySet<string> = new Set([
  "TransactionConflict",
  "ThrottlingError",
  "ProvisionedThroughputExceeded",
]);

/** Refused by the service or never arrived: certainly nothing was written. */
const NOT_WRITTEN: ReadonlySet<string> = new Set([
  "AccessDeniedException",
  "CredentialsProviderError",
  "ECONNREFUSED",
  "ENOTFOUND",
  "ExpiredTokenException",
  "ResourceNotFoundException",
  "UnrecognizedClientException",
  "ValidationException",
]);

/**
 * `store-throttled` and `store-unavailable`: nothing was written. `outcome-unknown`: it may have
 * been, by this attempt or by an earlier one of the client's own; also what no rule above knows.
 * Every answer has the action `retry`: none of these is the fault of what was to be written, so no
 * message may be halted for it.
 */
export function storeFailure(error: unknown): Failure {
  if (isFailure(error)) return error;
  const name = nameOf(error);
  if (answerWasLost(error)) {
    return failure("outcome-unknown", `An answer of DynamoDB was lost (at last: ${name}).`, error);
  }
  if (THROTTLED.has(name) || isThrottledTransaction(error)) {
    return failure("store-throttled", `DynamoDB was too busy (${name}).`, error);
  }
  if (NOT_WRITTEN.has(name) || error instanceof TransactionCanceledException) {
    return failure("store-unavailable", `DynamoDB refused (${name}): ${textOf(error)}`, error);
  }
  return failure("outcome-unknown", `DynamoDB gave no answer (${name}).`, error);
}

const failure = (
  code: "store-throttled" | "store-unavailable" | "outcome-unknown",
  message: string,
  cause: unknown,
): Failure => new Failure(code, "retry", message, { cause: withoutItems(cause) });

/** A refused condition carries the item as it stands, and an error's attributes are logged. */
function withoutItems(error: unknown): unknown {
  if (error instanceof TransactionCanceledException) {
    const { message, $metadata, CancellationReasons = [] } = error;
    const reasons = CancellationReasons.map(({ Code, Message }) => ({
      ...(Code === undefined ? {} : { Code }),
      ...(Message === undefined ? {} : { Message }),
    }));
    return new TransactionCanceledException({
      message,
      $metadata,
      CancellationReasons: reasons,
    });
  }
  if (!(error instanceof ConditionalCheckFailedException)) return error;
  const { message, $metadata } = error;
  return new ConditionalCheckFailedException({ message, $metadata });
}

export function isThrottledTransaction(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  return (error.CancellationReasons ?? []).some(({ Code }) => THROTTLED_REASONS.has(Code ?? ""));
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return "no error";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : "");
