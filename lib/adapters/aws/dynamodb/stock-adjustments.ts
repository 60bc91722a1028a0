/**
 * Adjustments in DynamoDB: an item for each, written in one transaction with the units, beside the
 * items of `stock-store.ts`.
 *
 *     adjustment#<id>    adjustment    sku, delta, reason, recordedAt, event
 */
import {
  type DynamoDBClient,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Adjustment, StockAdjustments } from "#services/inventory/ports";
import { isRefused, refusedConditions } from "./refused-transaction.ts";
import { adjustmentKey, adjustmentOf, stockKey } from "./stock-items.ts";

export type StockAdjustmentsProps = { readonly client: DynamoDBClient; readonly table: string };

export function dynamoStockAdjustments({ client, table }: StockAdjustmentsProps): StockAdjustments {
  return {
    async adjust(adjustment) {
      const command = new TransactWriteItemsCommand({
        TransactItems: [putFirst(table, adjustment), moveUnits(table, adjustment)],
      });
      const [ofRecord, ofUnits] = await client.send(command).then(() => [], refusedConditions);
      if (isRefused(ofRecord)) {
        const recorded = adjustmentOf(adjustment.id, unmarshall(ofRecord?.Item ?? {}));
        return { kind: "recorded", adjustment: recorded };
      }
      if (!isRefused(ofUnits)) return { kind: "recorded", adjustment };
      return { kind: ofUnits?.Item === undefined ? "unknown-sku" : "short" };
    },
  };
}

const putFirst = (
  table: string,
  { id, sku, delta, reason, adjustedAt }: Adjustment,
): TransactWriteItem => ({
  Put: {
    TableName: table,
    Item: marshall({
      ...adjustmentKey(id),
      sku,
      delta,
      reason,
      recordedAt: adjustedAt,
      event: "stock.adjusted",
    }),
    ConditionExpression: "attribute_not_exists(pk)",
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});

/** A SKU without an item has no `available` to compare. */
const moveUnits = (table: string, { sku, delta }: Adjustment): TransactWriteItem => ({
  Update: {
    TableName: table,
    Key: marshall(stockKey(sku)),
    UpdateExpression: "SET #available = #available + :delta",
    ConditionExpression: "#available >= :taken",
    ExpressionAttributeNames: { "#available": "available" },
    ExpressionAttributeValues: marshall({ ":delta": delta, ":taken": Math.max(0, -delta) }),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});
