/**
 * Reads the stock of many SKUs in batches.
 */
import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { Failure } from "#kernel/failure";
import type { StockLevel } from "#services/inventory/ports";
import { storeFailure } from "./failures.ts";
import { type ItemFields, stockKey } from "./stock-items.ts";

/** DynamoDB's limit of a BatchGetItem. */
const BATCH_MAX = 100;
/** Of one batch, for what it left unread. */
const TRIES_MAX = 4;

/** SKUs without stock are absent. Errors: `store-throttled` (retry). */
export async function readStockLevels(
  client: DynamoDBClient,
  table: string,
  skus: readonly string[],
): Promise<readonly StockLevel[]> {
  const fresh = [...new Set(skus)];
  const levels: StockLevel[] = [];
  for (let start = 0; start < fresh.length; start += BATCH_MAX) {
    levels.push(...(await readBatch(client, table, fresh.slice(start, start + BATCH_MAX))));
  }
  return levels;
}

async function readBatch(
  client: DynamoDBClient,
  table: string,
  skus: readonly string[],
): Promise<readonly StockLevel[]> {
  const levels: StockLevel[] = [];
  let keys = skus.map((sku) => marshall(stockKey(sku)));
  for (let tries = 0; tries < TRIES_MAX && keys.length > 0; tries += 1) {
    const answer = await client
      .send(
        new BatchGetItemCommand({
          RequestItems: { [table]: { Keys: keys, ConsistentRead: true } },
        }),
      )
      .catch((error: unknown) => {
        throw storeFailure(error);
      });
    const items = answer.Responses?.[table] ?? [];
    levels.push(...items.map((item) => levelOf(unmarshall(item))));
    keys = answer.UnprocessedKeys?.[table]?.Keys ?? [];
  }
  if (keys.length === 0) return levels;
  throw new Failure("store-throttled", "retry", `${keys.length} stock levels were not read.`);
}

function levelOf({ pk, available, reserved }: ItemFields): StockLevel {
  const promised = Number(reserved);
  return {
    sku: String(pk).slice(stockKey("").pk.length),
    onHand: Number(available) + promised,
    reserved: promised,
  };
}
