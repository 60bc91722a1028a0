/**
 * When a key may be claimed, as DynamoDB decides it: `judge` of the library, in the language of
 * conditions. The adapters' tests compare the two on random records.
 *
 *     claimed ------- leaseUntil ------------------ keepUntil ----->
 *       in-progress         | abandoned                | expired
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { EpochMs } from "#kernel/units";
import type { ClaimRequest } from "#messaging/idempotency/index";
import { STATUS } from "./idempotency-items.ts";

type Condition = {
  readonly expression: string;
  readonly values: Readonly<Record<string, AttributeValue>>;
};

const isAbsent = "attribute_not_exists(pk)";
const isClaimOver = "keepUntil <= :now";
const isReleased = "#status = :released";
const isAbandoned = "(#status = :inProgress AND leaseUntil <= :now)";
const isSamePayload = "payloadHash = :hash";

export function mayBeClaimed(
  { payloadHash, rank }: Pick<ClaimRequest, "payloadHash" | "rank">,
  now: EpochMs,
): Condition {
  const values = {
    ":now": { N: String(now) },
    ":hash": { S: payloadHash },
    ":released": { S: STATUS.released },
    ":inProgress": { S: STATUS.inProgress },
  };
  if (rank === undefined) {
    return { expression: either(isAbsent, isExpired, mayBeRunAgain), values };
  }
  return {
    expression: either(isAbsent, isExpired, mayBeRunAtRank),
    values: { ...values, ":completed": { S: STATUS.completed }, ":rank": { N: String(rank) } },
  };
}

const both = (...parts: readonly string[]): string => `(${parts.join(" AND ")})`;
const either = (...parts: readonly string[]): string => `(${parts.join(" OR ")})`;

const isCompletionOver = either("attribute_not_exists(doneUntil)", "doneUntil <= :now");
/** A completion is kept for its own time: a claim that landed behind it may end before it. */
const isExpired = both(isClaimOver, isCompletionOver);

/** A completed record without a rank is never run again. */
const mayBeRunAgain = both(
  "attribute_not_exists(#rank)",
  isSamePayload,
  either(isReleased, isAbandoned),
);

const isAboveCompleted = either(isCompletionOver, "doneRank < :rank");

const mayBeRunAtRank = both(
  "attribute_exists(#rank)",
  isAboveCompleted,
  either(
    isClaimOver,
    "#status = :completed",
    both(isReleased, either("#rank <> :rank", isSamePayload)),
    // Of an abandoned rank nobody knows whether it was applied: what is older stays refused.
    both(isAbandoned, either("#rank < :rank", both("#rank = :rank", isSamePayload))),
  ),
);
