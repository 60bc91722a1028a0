/**
 * Invoked by the operator: raises what is available of each SKU to a level.
 */
import { SERVICES } from "#contracts/metrics";
import { receiveStock } from "#contracts/operator";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { raiseStock } from "#services/inventory/receive-stock";
import { openStock } from "./open-stock.ts";

const { stock } = openStock(config("STOCK_TABLE").STOCK_TABLE);

export const handler = taskFunction({
  service: SERVICES.inventory,
  schema: receiveStock,
  handle: (input) => raiseStock({ stock }, input),
});
