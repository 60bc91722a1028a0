/**
 * Ends the holds of stock that have come to their end. A clock calls it every minute.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoDueHolds } from "#adapters/aws/dynamodb/due-holds";
import { dynamoStockItems } from "#adapters/aws/dynamodb/stock-items";
import { SERVICES } from "#contracts/metrics";
import { expireStock } from "#contracts/operator";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { telemetry } from "#runtime/telemetry";
import { expireHolds } from "#services/inventory/expire-holds";

const table = { client: dynamoClient(), table: config("STOCK_TABLE").STOCK_TABLE };
const ports = { items: dynamoStockItems(table), holds: dynamoDueHolds(table) };

export const handler = taskFunction({
  service: SERVICES.inventory,
  schema: expireStock,
  handle: (_, { now }) =>
    expireHolds({ ...ports, count: telemetry(SERVICES.inventory).count }, now),
});
