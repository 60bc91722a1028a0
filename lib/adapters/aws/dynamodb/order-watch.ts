/**
 * Orders that somebody may have to look after, by a sparse index over the order list's heads.
 * Sharded, so that a bad day does not make one hot partition.
 *
 *     index to-watch    watch = <open|stuck>#<shard>    watchAtOrderId = <instant>#<orderId>
 */
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { ORDERS_TO_WATCH } from "#contracts/indexes";
import { FIRST_GENERATION, keyIn } from "#contracts/projection";
import { isJsonObject, type Json } from "#kernel/json";
import { fnv1a } from "#kernel/rng";
import { type EpochMs, isoInstant, parseInstant } from "#kernel/units";
import type { OrderWatch, WatchedOrder } from "#services/orders/ports";
import { storeFailure } from "./failures.ts";

const { name: IndexName, partitionKey, sortKey } = ORDERS_TO_WATCH;

/** A partition takes 1,000 writes a second; an order is written to it twice. */
const SHARDS = 8;

/** Behind every instant, and behind every order of one. */
const LAST = "~";

export type OrderWatchProps = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Of the projection. Default: the first. */
  readonly generation?: number;
};

/** Errors: `storeFailure`'s. */
export const dynamoOrderWatch = (props: OrderWatchProps): OrderWatch => ({
  overdue: (until, limit) => listed(props, "open", `${isoInstant(until)}${LAST}`, limit),
  stuck: (limit) => listed(props, "stuck", LAST, limit),
});

/** The attributes that put an order into the index; none for one that needs nobody. */
export function watchIndex(
  state: Json,
  orderId: string,
  generation: number = FIRST_GENERATION,
): Readonly<Record<string, string>> {
  const { watch } = isJsonObject(state) ? state : {};
  const { kind, at } = isJsonObject(watch) ? watch : {};
  if (typeof kind !== "string" || typeof at !== "number") return {};
  return {
    [partitionKey]: keyIn(shardKey(kind, fnv1a(orderId) % SHARDS), generation),
    [sortKey]: `${isoInstant(at as EpochMs)}#${orderId}`,
  };
}

const shardKey = (kind: string, shard: number): string => `${kind}#${shard}`;

/** Of every shard the oldest; then the oldest of all. */
async function listed(
  { client, table, generation = FIRST_GENERATION }: OrderWatchProps,
  kind: "open" | "stuck",
  until: string,
  limit: number,
): Promise<readonly WatchedOrder[]> {
  const shards = Array.from({ length: SHARDS }, async (_, shard) => {
    const command = new QueryCommand({
      TableName: table,
      IndexName,
      KeyConditionExpression: `${partitionKey} = :shard AND ${sortKey} <= :until`,
      ExpressionAttributeValues: {
        ":shard": { S: keyIn(shardKey(kind, shard), generation) },
        ":until": { S: until },
      },
      Limit: limit,
    });
    const { Items = [] } = await client.send(command).catch((error: unknown) => {
      throw storeFailure(error);
    });
    return Items.map((item): WatchedOrder => {
      const position = item[sortKey]?.S ?? "";
      const since = parseInstant(position.slice(0, position.indexOf("#")));
      return { orderId: item["pk"]?.S ?? "", since: since ?? (0 as EpochMs) };
    });
  });
  const found = (await Promise.all(shards)).flat();
  return found.toSorted((a, b) => a.since - b.since).slice(0, limit);
}
