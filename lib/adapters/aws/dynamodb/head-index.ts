/**
 * Which heads need somebody, by a sparse index of keys only: healthy heads lack its attributes and
 * cost it nothing. Sharded, so that a bad day does not make one hot partition.
 *
 *     index attention    attention = <due|halted>#<consumer>#<shard>    attentionAt = an instant
 */
import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { ATTENTION_INDEX } from "#contracts/indexes";
import { consumerInKeys } from "#contracts/item-prefixes";
import { fnv1a } from "#kernel/rng";
import type { Head, HeadIndex } from "#messaging";
import { storeFailure } from "./failures.ts";

const { name: IndexName, partitionKey, sortKey } = ATTENTION_INDEX;

/** A partition takes 1,000 writes a second; more streams than this in trouble at once wait. */
const SHARDS = 4;

type Why = "due" | "halted";

const shardKey = (why: Why, consumer: string, shard: number): string =>
  `${why}#${consumer}#${shard}`;

/** The attributes that put a head into the index; none for a healthy one. */
export function attentionOf(head: Head, consumer: string): Record<string, AttributeValue> {
  const isHalted = head.status === "halted";
  const at = isHalted ? head.halt?.at : head.dueAt;
  if (at === undefined) return {};
  const key = shardKey(isHalted ? "halted" : "due", consumer, fnv1a(head.stream) % SHARDS);
  return { [partitionKey]: { S: key }, [sortKey]: { N: String(at) } };
}

export type HeadIndexProps = {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly consumer: string;
};

/** Errors: `misconfigured` (reject), at once, for a consumer whose name keys cannot hold. */
export function dynamoHeadIndex(props: HeadIndexProps): HeadIndex {
  consumerInKeys(props.consumer);
  return {
    due: (now, limit) => listed(props, "due", now, limit),
    halted: (limit) => listed(props, "halted", Number.MAX_SAFE_INTEGER, limit),
  };
}

type Found = { readonly stream: string; readonly at: number };

/** Of every shard the oldest; then the oldest of all. */
async function listed(
  { client, table, consumer }: HeadIndexProps,
  why: Why,
  until: number,
  limit: number,
): Promise<readonly string[]> {
  const shards = Array.from({ length: SHARDS }, async (_, shard): Promise<readonly Found[]> => {
    const { Items = [] } = await client
      .send(
        new QueryCommand({
          TableName: table,
          IndexName,
          KeyConditionExpression: `${partitionKey} = :shard AND ${sortKey} <= :until`,
          ExpressionAttributeValues: {
            ":shard": { S: shardKey(why, consumer, shard) },
            ":until": { N: String(until) },
          },
          Limit: limit,
        }),
      )
      .catch((error: unknown) => {
        throw storeFailure(error);
      });
    return Items.map((item) => ({
      stream: item["pk"]?.S ?? "",
      at: Number(item[sortKey]?.N),
    }));
  });
  const found = (await Promise.all(shards)).flat();
  return found
    .toSorted((a, b) => a.at - b.at)
    .slice(0, limit)
    .map(({ stream }) => stream);
}
