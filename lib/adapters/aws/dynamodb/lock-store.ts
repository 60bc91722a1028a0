/**
 * Locks in DynamoDB: one item each, which stays for ever, since it counts the fencing tokens.
 *
 *     pk lock#<name>   sk lock   owner, token, until (epoch ms; 0: released)
 *
 *     acquire:  never held, or until <= now     token + 1, owner, until
 *     extend:   owner and token are the lease's, now < until <= its new end     until
 *     release:  owner and token are the lease's     until = 0
 *
 * Source: "Condition and filter expressions", Amazon DynamoDB Developer Guide.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { Failure } from "#kernel/failure";
import { type EpochMs, later } from "#kernel/units";
import type { Lease, LockStore } from "#messaging/flow/index";
import { storeFailure } from "./failures.ts";

export type LockStoreProps = { readonly client: DynamoDBClient; readonly table: string };

type Item = Readonly<Record<string, AttributeValue>>;

type Change = {
  readonly set: string;
  readonly condition: string;
  readonly values: Readonly<Record<string, AttributeValue>>;
};

type Changed = {
  readonly isWritten: boolean;
  /** As it is now: after the change, or what stands against it. */
  readonly lease: Lease | undefined;
};

const NAMES = { "#owner": "owner", "#token": "token", "#until": "until" };
const RELEASED = 0 as EpochMs;

/**
 * Give the items no TTL: a lock whose item is gone grants token 1 again, and what it protects goes
 * on refusing every holder until the token has grown past the last one seen there.
 */
export function dynamoLockStore({ client, table }: LockStoreProps): LockStore {
  const change = async (name: string, wanted: Change): Promise<Changed> => {
    try {
      const { Attributes } = await client.send(new UpdateItemCommand(update(table, name, wanted)));
      return { isWritten: true, lease: leaseOf(name, Attributes) };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw storeFailure(error);
      return { isWritten: false, lease: leaseOf(name, error.Item) };
    }
  };

  return {
    async acquire(name, owner, now, lasting) {
      const { lease } = await change(name, grant(owner, now, later(now, lasting)));
      // Also when its own first request, whose answer was lost, stands against the repeated one.
      if (lease?.owner === owner) return { kind: "granted", lease };
      return { kind: "held", until: lease?.until ?? RELEASED };
    },

    async extend(lease, now, lasting) {
      const until = later(now, lasting);
      const { isWritten, lease: current } = await change(lease.name, extension(lease, now, until));
      if (isWritten) return current;
      // A later extension of the same lease came first: its end stands.
      const isLater = current !== undefined && isSame(current, lease) && current.until > until;
      return isLater ? current : undefined;
    },

    async release(lease) {
      const { isWritten } = await change(lease.name, end(lease));
      return isWritten;
    },

    async find(name) {
      const { Item } = await client
        .send(new GetItemCommand({ TableName: table, Key: lockKey(name), ConsistentRead: true }))
        .catch((error: unknown) => {
          throw storeFailure(error);
        });
      return leaseOf(name, Item);
    },
  };
}

/** Where a lock's item is; also for a condition on it in somebody else's transaction. */
export const lockKey = (name: string) => ({ pk: { S: `lock#${name}` }, sk: { S: "lock" } });

const number = (value: number): AttributeValue => ({ N: String(value) });

const grant = (owner: string, now: EpochMs, until: EpochMs): Change => ({
  set: "#token = if_not_exists(#token, :none) + :one, #owner = :owner, #until = :until",
  condition: "attribute_not_exists(#token) OR #until <= :now",
  values: {
    ":none": number(0),
    ":one": number(1),
    ":owner": { S: owner },
    ":now": number(now),
    ":until": number(until),
  },
});

const IS_SAME = "#owner = :owner AND #token = :token";

const sameAs = ({ owner, token }: Lease) => ({ ":owner": { S: owner }, ":token": number(token) });

const extension = (lease: Lease, now: EpochMs, until: EpochMs): Change => ({
  set: "#until = :until",
  condition: `${IS_SAME} AND #until > :now AND #until <= :until`,
  values: { ...sameAs(lease), ":now": number(now), ":until": number(until) },
});

const end = (lease: Lease): Change => ({
  set: "#until = :released",
  condition: IS_SAME,
  values: { ...sameAs(lease), ":released": number(RELEASED) },
});

const update = (table: string, name: string, change: Change): UpdateItemCommandInput => ({
  TableName: table,
  Key: lockKey(name),
  UpdateExpression: `SET ${change.set}`,
  ConditionExpression: change.condition,
  ExpressionAttributeNames: NAMES,
  ExpressionAttributeValues: change.values,
  ReturnValues: "ALL_NEW",
  ReturnValuesOnConditionCheckFailure: "ALL_OLD",
});

const isSame = (one: Lease, other: Lease): boolean =>
  one.owner === other.owner && one.token === other.token;

function leaseOf(name: string, item: Item | undefined): Lease | undefined {
  if (item === undefined) return undefined;
  const [owner, token, until] = [item["owner"]?.S, item["token"]?.N, item["until"]?.N];
  if (owner === undefined || token === undefined || until === undefined) {
    const message = `The lock ${JSON.stringify(name)} cannot be read: mend its item.`;
    throw new Failure("unexpected", "retry", message);
  }
  return { name, owner, token: Number(token), until: Number(until) as EpochMs };
}
