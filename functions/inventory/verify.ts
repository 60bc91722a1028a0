/**
 * Invoked by the operator: checks that no unit of stock was made or lost.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoStockBook } from "#adapters/aws/dynamodb/stock-book";
import { SERVICES } from "#contracts/metrics";
import { verifyStockRequest } from "#contracts/operator";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { verifyStock } from "#services/inventory/verify-stock";

const book = dynamoStockBook({ client: dynamoClient(), table: config("STOCK_TABLE").STOCK_TABLE });

export const handler = taskFunction({
  service: SERVICES.inventory,
  schema: verifyStockRequest,
  handle: () => verifyStock(book),
});
