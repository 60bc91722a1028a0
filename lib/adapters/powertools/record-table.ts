/**
 * The four requests of an idempotency record to DynamoDB. Every write says on which record it may
 * work: that is the fence.
 */
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { IdempotencyRecordStatus } from "@aws-lambda-powertools/idempotency";
import type { IdempotencyRecord } from "@aws-lambda-powertools/idempotency/persistence";
import { Failure } from "#kernel/failure";
import type { RecordAttributes } from "./record-attributes.ts";

/** One run's hold on one record. */
export type Claim = {
  readonly key: string;
  /** Fresh for each claim. */
  readonly owner: string;
  /** How many runs have held this record since it was made, this one included. */
  readonly attempt: number;
  /** Of the payload as it was when the record was acquired; empty without payload validation. */
  readonly payloadHash: string | undefined;
};

export type ClaimAnswer =
  | { readonly kind: "held"; readonly claim: Claim }
  | { readonly kind: "taken"; readonly by: IdempotencyRecord | undefined };

export type RecordTable = {
  /** @param withHash whether payloads are validated */
  claim(record: IdempotencyRecord, owner: string, withHash: boolean): Promise<ClaimAnswer>;
  /** Errors: `conflict` (retry) where the record is no longer held by this claim. */
  complete(claim: Claim, record: IdempotencyRecord): Promise<void>;
  /** Does nothing where the record is no longer held by this claim, or has its result. */
  release(claim: Claim): Promise<void>;
  find(idempotencyKey: string): Promise<IdempotencyRecord | undefined>;
};

export type RecordTableProps = {
  readonly client: Pick<DynamoDBClient, "send">;
  readonly table: string;
  readonly attributes: RecordAttributes;
};

export function recordTable({ client, table, attributes }: RecordTableProps): RecordTable {
  const { names, keyOf, recordOf, holderOf } = attributes;
  const at = (key: string) => ({ TableName: table, Key: keyOf(key) });

  return {
    async claim(record, owner, withHash) {
      const key = record.idempotencyKey;
      const { payloadHash } = record;
      const request = claimRequest(record, { owner, withHash, names });
      try {
        const { Attributes = {} } = await client.send(
          new UpdateItemCommand({ ...at(key), ...request }),
        );
        const attempt = Number(Attributes[names.attempt]?.N);
        return { kind: "held", claim: { key, owner, attempt, payloadHash } };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        if (error.Item === undefined) return { kind: "taken", by: undefined };
        const holder = holderOf(error.Item);
        // The SDK sent it twice, because the first answer was lost.
        if (holder?.owner === owner)
          return { kind: "held", claim: { key, ...holder, payloadHash } };
        return { kind: "taken", by: recordOf(error.Item) };
      }
    },

    async complete(claim, record) {
      const request = completeRequest(claim, record, names);
      await client
        .send(new UpdateItemCommand({ ...at(claim.key), ...request }))
        .catch((error: unknown) => {
          throw error instanceof ConditionalCheckFailedException ? lost(claim, error) : error;
        });
    },

    async release(claim) {
      const request = releaseRequest(claim, names);
      await client
        .send(new DeleteItemCommand({ ...at(claim.key), ...request }))
        .catch((error: unknown) => {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        });
    },

    async find(idempotencyKey) {
      const command = new GetItemCommand({ ...at(idempotencyKey), ConsistentRead: true });
      const { Item } = await client.send(command);
      return Item === undefined ? undefined : recordOf(Item);
    },
  };
}

type Names = RecordAttributes["names"];

/**
 *     |  held by a run   |  may be taken over, if it has no result   |  may be taken by anybody
 *     |------------------|-------------------------------------------|-----------------------> time
 *   claimed         lease (ms)                                 expiry (s)
 *
 * The times are the caller's, as DynamoDB has no clock for conditions; TTL is only for cleaning.
 */
function claimRequest(
  record: IdempotencyRecord,
  { owner, withHash, names }: { owner: string; withHash: boolean; names: Names },
) {
  const isAbsent = "attribute_not_exists(#id)";
  const isExpired = "#expiry < :nowSeconds";
  const isLeaseOver = "#status = :inProgress AND attribute_exists(#lease) AND #lease < :nowMs";
  const lease = record.inProgressExpiryTimestamp;
  const hash = withHash ? record.payloadHash : undefined;
  const kept = ["#data", lease === undefined && "#lease", hash === undefined && "#hash"];
  const now = Date.now();
  return {
    UpdateExpression: [
      "SET #status = :inProgress, #expiry = :expiry, #owner = :owner,",
      lease === undefined ? "" : "#lease = :lease,",
      hash === undefined ? "" : "#hash = :hash,",
      "#attempt = if_not_exists(#attempt, :none) + :one",
      `REMOVE ${kept.filter((name) => name !== false).join(", ")}`,
    ].join(" "),
    ConditionExpression: [isAbsent, isExpired, `(${isLeaseOver})`].join(" OR "),
    ExpressionAttributeNames: placeholders(
      names,
      ...(["id", "status", "expiry", "lease", "data", "hash", "owner", "attempt"] as const),
    ),
    ExpressionAttributeValues: marshall(
      {
        ":inProgress": IdempotencyRecordStatus.INPROGRESS,
        ":expiry": record.expiryTimestamp,
        ":owner": owner,
        ":lease": lease,
        ":hash": hash,
        ":none": 0,
        ":one": 1,
        ":nowSeconds": now / 1000,
        ":nowMs": now,
      },
      { removeUndefinedValues: true },
    ),
    ReturnValues: "UPDATED_NEW" as const,
    ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
  };
}

const HELD = "#owner = :owner AND #attempt = :attempt";

/** Written again by the SDK it changes nothing, as the record stays with its owner. */
function completeRequest(claim: Claim, record: IdempotencyRecord, names: Names) {
  const { responseData } = record;
  const hasData = responseData !== undefined;
  const values = {
    ":status": record.getStatus(),
    ":expiry": record.expiryTimestamp,
    ":data": responseData,
    ":owner": claim.owner,
    ":attempt": claim.attempt,
  };
  return {
    UpdateExpression: `SET #status = :status, #expiry = :expiry${hasData ? ", #data = :data" : ""}`,
    ConditionExpression: HELD,
    ExpressionAttributeNames: placeholders(
      names,
      "status",
      "expiry",
      "owner",
      "attempt",
      ...(hasData ? (["data"] as const) : []),
    ),
    ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true }),
  };
}

const releaseRequest = ({ owner, attempt }: Claim, names: Names) => ({
  ConditionExpression: `${HELD} AND #status = :inProgress`,
  ExpressionAttributeNames: placeholders(names, "owner", "attempt", "status"),
  ExpressionAttributeValues: marshall({
    ":owner": owner,
    ":attempt": attempt,
    ":inProgress": IdempotencyRecordStatus.INPROGRESS,
  }),
});

const placeholders = (names: Names, ...parts: readonly (keyof Names)[]): Record<string, string> =>
  Object.fromEntries(parts.map((part) => [`#${part}`, names[part]]));

const lost = ({ key, attempt }: Claim, cause: unknown): Failure =>
  new Failure(
    "conflict",
    "retry",
    `Attempt ${attempt} has lost the idempotency record ${key}: its lease ended and another run ` +
      "took over. Its result is not stored; repeat the call to get the one that is.",
    { cause },
  );
