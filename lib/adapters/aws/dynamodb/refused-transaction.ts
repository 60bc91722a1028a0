/**
 * Why a transaction was refused, item by item: whoever wrote the conditions decides what their
 * failing means.
 */
import { type CancellationReason, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { storeFailure } from "./failures.ts";

/**
 * One reason per item of the transaction, in its order; each is `None` or
 * `ConditionalCheckFailed`. Anything else, as a conflict on one item, decides nothing about the
 * others either: whoever is on that item may be what made their conditions fail.
 * Throws `Failure` as `storeFailure` maps the error: `store-throttled` (retry) for conflicts and
 * throttles.
 * Source: DynamoDB API reference, TransactWriteItems, "Errors".
 */
export function refusedConditions(error: unknown): readonly CancellationReason[] {
  if (!(error instanceof TransactionCanceledException)) throw storeFailure(error);
  const reasons = error.CancellationReasons ?? [];
  const isDecided = reasons.every((reason) => reason.Code === "None" || isRefused(reason));
  if (!isDecided || !reasons.some(isRefused)) throw storeFailure(error);
  return reasons;
}

export const isRefused = (reason: CancellationReason | undefined): boolean =>
  reason?.Code === "ConditionalCheckFailed";
