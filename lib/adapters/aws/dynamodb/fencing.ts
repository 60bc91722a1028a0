/**
 * What a write adds to its item so that it is refused once a later holder of the lock has written:
 * the item itself keeps the greatest fencing token it has seen. No clock decides.
 *
 *     holder A   token 1   ----- paused past its lease -----------------> write 1: refused
 *     holder B             token 2 -> write: the item has seen 2
 *
 * Source: M. Kleppmann, "How to do distributed locking"; "Condition expressions", Amazon DynamoDB
 * Developer Guide.
 */
import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Lease } from "#messaging/flow/index";
import { lockKey } from "./lock-store.ts";

/** Parts of a request, to be joined with the writer's own; their names begin with `fence`. */
export type FencedWrite = {
  /** For `ConditionExpression`; in parentheses, so that AND may stand on either side. */
  readonly condition: string;
  /** For the SET clause of `UpdateExpression`. */
  readonly set: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
};

/**
 * Both halves are needed: `condition` refuses the late, `set` remembers who was here. A write with
 * the same token as the last is taken, so one holder may write often.
 *
 * @param attribute of the protected item, for items that several locks protect.
 */
export const fencedWrite = (token: number, attribute = "fence"): FencedWrite => ({
  condition: "(attribute_not_exists(#fence) OR #fence <= :fence)",
  set: "#fence = :fence",
  names: { "#fence": attribute },
  values: { ":fence": { N: String(token) } },
});

/**
 * For a transaction in the lock's own table: everything in it is refused once the lock was granted
 * to somebody else, also when what it writes cannot keep a token.
 */
export const stillHeld = (table: string, { name, token }: Lease): TransactWriteItem => ({
  ConditionCheck: {
    TableName: table,
    Key: lockKey(name),
    ConditionExpression: "#token = :token",
    ExpressionAttributeNames: { "#token": "token" },
    ExpressionAttributeValues: { ":token": { N: String(token) } },
  },
});
