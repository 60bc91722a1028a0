/**
 * The stock of the deployed table, as every function of this service works with it.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoStockItems } from "#adapters/aws/dynamodb/stock-items";
import { randomIds } from "#kernel/ids";
import { fnv1a, seededRng } from "#kernel/rng";
import { shardedAdjustments } from "#services/inventory/adjust-units";
import { shardedStock } from "#services/inventory/sharded-stock";

export function openStock(table: string) {
  const props = {
    items: dynamoStockItems({ client: dynamoClient(), table }),
    // Each sandbox tries the shards in an order of its own.
    rng: seededRng(fnv1a(randomIds())),
  };
  return {
    ...props,
    stock: shardedStock(props),
    adjustments: shardedAdjustments(props),
  };
}
