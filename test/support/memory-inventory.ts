/**
 * The inventory as its functions open it, over a table in memory.
 */
import { memoryStockItems } from "#adapters/memory/stock-items";
import { signedCursors } from "#adapters/http/signed-cursor";
import { seededRng } from "#kernel/rng";
import { shardedAdjustments } from "#services/inventory/adjust-units";
import { shardedStock } from "#services/inventory/sharded-stock";

export function memoryInventory(seed = 1) {
  const items = memoryStockItems();
  const props = { items, rng: seededRng(seed) };
  return {
    ...props,
    holds: items,
    log: items,
    book: items,
    stock: shardedStock(props),
    adjustments: shardedAdjustments(props),
    cursors: signedCursors(async () => "0123456789abcdef0123456789abcdef"),
  };
}
