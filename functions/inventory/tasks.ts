/**
 * The stock steps of the order saga: reserve, commit, ship, and the undo of the first two.
 */
import { SERVICES } from "#contracts/metrics";
import { type StockTask, stockTask } from "#contracts/saga";
import type { EpochMs } from "#kernel/units";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { commitStock } from "#services/inventory/commit-stock";
import { releaseStock } from "#services/inventory/release-stock";
import { reserveStock } from "#services/inventory/reserve-stock";
import { shipStock } from "#services/inventory/ship-stock";
import { openStock } from "./open-stock.ts";

const { stock } = openStock(config("STOCK_TABLE").STOCK_TABLE);

export const handler = taskFunction({
  service: SERVICES.inventory,
  schema: stockTask,
  handle: (task, { now }) => run(task, now),
});

function run(task: StockTask, now: EpochMs) {
  switch (task.step) {
    case "reserve":
      return reserveStock(stock, task, now);
    case "commit":
      return commitStock(stock, task, now);
    case "ship":
      return shipStock(stock, task, now);
    case "release":
      return releaseStock(stock, task, now);
    default:
      return task satisfies never;
  }
}
