/**
 * The stock steps of the order saga: reserve, and its undo.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoStockStore } from "#adapters/aws/dynamodb/stock-store";
import { SERVICES } from "#contracts/metrics";
import { type StockTask, stockTask } from "#contracts/saga";
import type { EpochMs } from "#kernel/units";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { releaseStock } from "#services/inventory/release-stock";
import { reserveStock } from "#services/inventory/reserve-stock";

const stock = dynamoStockStore({
  client: dynamoClient(),
  table: config("STOCK_TABLE").STOCK_TABLE,
});

export const handler = taskFunction({
  service: SERVICES.inventory,
  schema: stockTask,
  handle: (task, { now }) => run(task, now),
});

function run(task: StockTask, now: EpochMs) {
  switch (task.step) {
    case "reserve":
      return reserveStock(stock, task, now);
    case "release":
      return releaseStock(stock, task, now);
    default:
      return task satisfies never;
  }
}
