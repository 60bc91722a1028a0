/**
 * Hears from the bus that an order's goods have left, and turns its stock into sold units.
 */
import { SERVICES } from "#contracts/metrics";
import { systemClock } from "#kernel/clock";
import { queueHandler } from "#lambda/queue-handler";
import { config } from "#runtime/config";
import { telemetry } from "#runtime/telemetry";
import { handOvers } from "#services/inventory/hand-overs";
import { shipStock } from "#services/inventory/ship-stock";
import { openStock } from "./open-stock.ts";

const { stock } = openStock(config("STOCK_TABLE").STOCK_TABLE);
const told = telemetry(SERVICES.inventory);

export const handler = queueHandler({
  telemetry: told,
  consume: handOvers({
    ship: (orderId) => shipStock(stock, { orderId }, systemClock.now()),
    warn: told.logger.warn,
  }),
});
