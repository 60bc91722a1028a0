/**
 * Invoked by the operator: raises what is available of each SKU to a level.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoStockStore } from "#adapters/aws/dynamodb/stock-store";
import { SERVICES } from "#contracts/metrics";
import { receiveStock } from "#contracts/operator";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { raiseStock } from "#services/inventory/receive-stock";

const { STOCK_TABLE } = config("STOCK_TABLE");

const stock = dynamoStockStore({ client: dynamoClient(), table: STOCK_TABLE });

export const handler = taskFunction({
  service: SERVICES.inventory,
  schema: receiveStock,
  handle: (input) => raiseStock({ stock }, input),
});
