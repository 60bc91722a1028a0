/**
 * Idempotency records in DynamoDB: one write to claim and one to complete. A refused write brings
 * the record that stands against it, so that a duplicate costs no read.
 *
 *     pk <key>   sk idempotency   attempt, owner, status, payloadHash, rank, leaseUntil, keepUntil
 *                                 done*: the newest completion, with its result
 *                                 expiresAt: seconds, for the table's TTL
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { Failure } from "#kernel/failure";
import { type EpochMs, later, milliseconds } from "#kernel/units";
import {
  checkClaim,
  checkResult,
  type Claim,
  type ClaimAnswer,
  type ClaimRequest,
  type IdempotencyStore,
  isSameRun,
  judge,
  type KeptResult,
  remembered,
} from "#messaging/idempotency/index";
import { storeFailure } from "./failures.ts";
import {
  type Attributes,
  keyOf,
  recordOf,
  STATUS,
  storedResult,
  whatPreceded,
} from "./idempotency-items.ts";
import { mayBeClaimed } from "./idempotency-conditions.ts";

export type IdempotencyStoreProps = {
  readonly client: DynamoDBClient;
  /** With the keys `pk` and `sk`. Its TTL attribute is `expiresAt`, where it has one. */
  readonly table: string;
};

/** An item holds 400 KB; 10 KB are left to the key and the other attributes. */
const RESULT_BYTES_MAX = 390_000;

/**
 * A table's TTL goes by DynamoDB's clock, and everything else here by the callers': what they still
 * need must not be deleted because theirs are slow.
 */
const CLEANING_DELAY_MS = milliseconds(3_600_000);

export function dynamoIdempotencyStore(props: IdempotencyStoreProps): IdempotencyStore {
  const { client, table } = props;

  /** Undefined: done, with the old values; else the item that stands against it. */
  const update = async (
    input: Update,
  ): Promise<{ readonly before: Attributes } | { readonly standing: Attributes | undefined }> => {
    const command = new UpdateItemCommand({
      TableName: table,
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      ...input,
    });
    return await client.send(command).then(
      ({ Attributes = {} }) => ({ before: Attributes }),
      (error: unknown) => {
        if (error instanceof ConditionalCheckFailedException) return { standing: error.Item };
        throw storeFailure(error);
      },
    );
  };

  return {
    resultBytesMax: RESULT_BYTES_MAX,

    async claim(request, now) {
      checkClaim(request);
      const answer = await update(claiming(request, now));
      if ("before" in answer) return claimedOver(answer.before, request, now);
      const standing = recordOf(request.key, answer.standing);
      const verdict = judge(standing, request, now);
      if (verdict.kind === "free") throw disagreement(request.key);
      return verdict;
    },

    async complete(claim, result, now) {
      checkResult(claim.key, result, RESULT_BYTES_MAX);
      const answer = await update(completing(claim, result, now, "for-its-own-time"));
      if ("before" in answer) return "completed";
      const standing = remembered(recordOf(claim.key, answer.standing), now);
      if (standing?.done === undefined) return "lost";
      if (isSameRun(standing.done, claim)) return "completed";
      if (standing.done.until <= standing.keepUntil || !isSameRun(standing, claim)) return "lost";
      const again = await update(completing(claim, result, now, "as-long-as-the-older"));
      return "before" in again ? "completed" : "lost";
    },

    async release(claim) {
      const answer = await update(releasing(claim));
      return "before" in answer ? "released" : "lost";
    },

    async find(key, now) {
      const command = new GetItemCommand({
        TableName: table,
        Key: keyOf(key),
        ConsistentRead: true,
      });
      const { Item } = await client.send(command).catch((error: unknown) => {
        throw storeFailure(error);
      });
      return remembered(recordOf(key, Item), now);
    },
  };
}

type Update = Omit<UpdateItemCommandInput, "TableName" | "ReturnValuesOnConditionCheckFailure">;

const NAMES = { "#owner": "owner", "#status": "status" } as const;

/** The fence: owner and attempt, never one of them alone. */
const HELD_BY_CLAIM = "#owner = :owner AND attempt = :attempt";

const claimValues = ({ owner, attempt }: Claim) => ({
  ":owner": { S: owner },
  ":attempt": { N: String(attempt) },
});

function claiming(request: ClaimRequest, now: EpochMs): Update {
  const { key, owner, payloadHash, rank } = request;
  const condition = mayBeClaimed(request, now);
  const keepUntil = later(now, request.keepMs);
  return {
    Key: keyOf(key),
    UpdateExpression:
      "SET attempt = if_not_exists(attempt, :zero) + :one, #owner = :owner, " +
      "#status = :inProgress, payloadHash = :hash, leaseUntil = :leaseUntil, " +
      "keepUntil = :keepUntil, expiresAt = :expiresAt" +
      (rank === undefined ? " REMOVE #rank" : ", #rank = :rank"),
    ConditionExpression: condition.expression,
    ExpressionAttributeNames: { ...NAMES, "#rank": "rank" },
    ExpressionAttributeValues: {
      ...condition.values,
      ":zero": { N: "0" },
      ":one": { N: "1" },
      ":owner": { S: owner },
      ":hash": { S: payloadHash },
      ":leaseUntil": { N: String(later(now, request.leaseMs)) },
      ":keepUntil": { N: String(keepUntil) },
      ":expiresAt": { N: String(Math.ceil(later(keepUntil, CLEANING_DELAY_MS) / 1_000)) },
    },
    ReturnValues: "UPDATED_OLD",
  };
}

/** No expression can choose the later one of two attributes, so a condition does. */
const KEPT = {
  "for-its-own-time": {
    setting: ", doneUntil = keepUntil",
    condition: "(attribute_not_exists(doneUntil) OR doneUntil <= keepUntil)",
  },
  "as-long-as-the-older": { setting: "", condition: "doneUntil > keepUntil" },
} as const;

const completing = (
  claim: Claim,
  result: KeptResult,
  now: EpochMs,
  kept: keyof typeof KEPT,
): Update => ({
  Key: keyOf(claim.key),
  UpdateExpression:
    "SET #status = :completed, doneOwner = #owner, doneAttempt = attempt, " +
    "doneHash = payloadHash, doneRank = if_not_exists(#rank, :none), " +
    `doneResult = :result${KEPT[kept].setting}`,
  ConditionExpression:
    `${HELD_BY_CLAIM} AND #status = :inProgress AND keepUntil > :now ` +
    `AND ${KEPT[kept].condition}`,
  ExpressionAttributeNames: { ...NAMES, "#rank": "rank" },
  ExpressionAttributeValues: {
    ...claimValues(claim),
    ":completed": { S: STATUS.completed },
    ":inProgress": { S: STATUS.inProgress },
    ":none": { NULL: true },
    ":now": { N: String(now) },
    ":result": storedResult(result),
  },
});

const releasing = (claim: Claim): Update => ({
  Key: keyOf(claim.key),
  UpdateExpression: "SET #status = :released",
  // A repeated release may meet its own.
  ConditionExpression: `${HELD_BY_CLAIM} AND #status IN (:inProgress, :released)`,
  ExpressionAttributeNames: NAMES,
  ExpressionAttributeValues: {
    ...claimValues(claim),
    ":inProgress": { S: STATUS.inProgress },
    ":released": { S: STATUS.released },
  },
});

function claimedOver(before: Attributes, request: ClaimRequest, now: EpochMs): ClaimAnswer {
  const { key, owner } = request;
  const { attempt, precedent } = whatPreceded(before, now);
  const claim = { key, owner, attempt: attempt + 1, leaseUntil: later(now, request.leaseMs) };
  return { kind: "claimed", claim, follows: precedent };
}

/** The condition and the judgement are one rule, written twice. */
const disagreement = (key: string): Failure =>
  new Failure(
    "store-unavailable",
    "retry",
    `DynamoDB refused to let ${JSON.stringify(key)} be claimed, though its record is free; the ` +
      "record may have been written by another version of this library.",
  );
