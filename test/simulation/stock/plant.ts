/**
 * Where a planted bug takes the place of something right. Everything left out is as it is.
 */
import type { StockItems } from "#services/inventory/ports";

export type StockPlant = {
  /** At the store's side of the network, where one call is one moment. */
  readonly table?: (right: StockItems) => StockItems;
  /** At the function's side of it. */
  readonly items?: (right: StockItems) => StockItems;
  /** Of a batch of hand-overs: what its function says has to come again. */
  readonly returned?: (right: readonly string[]) => readonly string[];
};
