/**
 * Holds that have come to their end, by a sparse index of keys only: what is committed, shipped or
 * released lacks its attribute. Sharded, since every hold comes by.
 */
import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { EXPIRING_HOLDS } from "#contracts/indexes";
import type { EpochMs } from "#kernel/units";
import type { DueHold, DueHolds } from "#services/inventory/ports";
import { storeFailure } from "./failures.ts";
import { EXPIRY_SHARDS, holdKeyOf } from "./stock-layout.ts";

const { name: IndexName, partitionKey, sortKey } = EXPIRING_HOLDS;

export const dynamoDueHolds = ({
  client,
  table,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
}): DueHolds => ({
  /** Of every shard the oldest; then the oldest of all. */
  async due(now, limit) {
    const shards = Array.from({ length: EXPIRY_SHARDS }, async (_, shard) => {
      const command = new QueryCommand({
        TableName: table,
        IndexName,
        KeyConditionExpression: `${partitionKey} = :shard AND ${sortKey} <= :now`,
        ExpressionAttributeValues: { ":shard": { S: String(shard) }, ":now": { N: String(now) } },
        Limit: limit,
      });
      const { Items = [] } = await client.send(command).catch((error: unknown) => {
        throw storeFailure(error);
      });
      return Items.map(
        (item): DueHold => ({
          key: holdKeyOf(item["pk"]?.S),
          expiresAt: Number(item[sortKey]?.N) as EpochMs,
        }),
      );
    });
    const found = (await Promise.all(shards)).flat();
    return found.toSorted((a, b) => a.expiresAt - b.expiresAt).slice(0, limit);
  },
});
