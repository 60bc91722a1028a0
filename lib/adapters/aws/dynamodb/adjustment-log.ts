/**
 * A SKU's adjustments by their index, the newest first.
 *
 *     index adjustments-by-sku    adjustedSku    adjustedAtId = <instant>#<id>
 */
import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { ADJUSTMENTS_BY_SKU } from "#contracts/indexes";
import type { AdjustmentLog } from "#services/inventory/ports";
import { storeFailure } from "./failures.ts";
import { adjustmentKey, adjustmentOf, idInPosition } from "./stock-layout.ts";

const { name: IndexName, partitionKey, sortKey } = ADJUSTMENTS_BY_SKU;

/** Positions are sort keys of the index. */
export const dynamoAdjustmentLog = ({
  client,
  table,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
}): AdjustmentLog => ({
  async page({ sku, limit, after }) {
    const command = new QueryCommand({
      TableName: table,
      IndexName,
      KeyConditionExpression: `${partitionKey} = :sku`,
      ExpressionAttributeValues: { ":sku": { S: sku } },
      ScanIndexForward: false,
      // One more than asked for tells whether more follow.
      Limit: limit + 1,
      ...(after !== undefined && { ExclusiveStartKey: startKey(sku, after) }),
    });
    const { Items = [], LastEvaluatedKey } = await client.send(command).catch((error: unknown) => {
      throw storeFailure(error);
    });
    const shown = Items.slice(0, limit);
    const hasMore = Items.length > limit || LastEvaluatedKey !== undefined;
    return {
      adjustments: shown.map((item) => adjustmentOf(unmarshall(item))),
      next: hasMore ? shown.at(-1)?.[sortKey]?.S : undefined,
    };
  },
});

/** All four keys: those of the index and those of the table, which follow from the position. */
const startKey = (sku: string, position: string): Record<string, AttributeValue> => ({
  [partitionKey]: { S: sku },
  [sortKey]: { S: position },
  ...marshall(adjustmentKey(idInPosition(position))),
});
