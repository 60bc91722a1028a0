// Shards that are added between two reads of one look at the stock hide no unit.
import { expect, test } from "vitest";
import { memoryStockItems } from "#adapters/memory/stock-items";
import type { EpochMs } from "#kernel/units";
import { setShards } from "#services/inventory/set-shards";
import { shardedStock } from "#services/inventory/sharded-stock";
import type { StockItems } from "#services/inventory/ports";
import { allItemsOf } from "#services/inventory/stock-counters";

/** Its units are spread over five shards when the first snapshot is taken, which knew of two. */
async function spreadingMeanwhile(): Promise<StockItems> {
  const items = memoryStockItems();
  await shardedStock({ items, rng: { next: () => 0 } }).receive("lamp", 10);
  await setShards(items, { sku: "lamp", shards: 2 });
  let isSpread = false;
  return {
    ...items,
    async snapshot(ids) {
      if (!isSpread) {
        isSpread = true;
        await setShards(items, { sku: "lamp", shards: 5 });
      }
      return await items.snapshot(ids);
    },
  };
}

test("all counters of a SKU are those that it has at that moment", async () => {
  const all = await allItemsOf(await spreadingMeanwhile(), "lamp");

  expect(all.map(({ shard }) => shard)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(all.reduce((sum, { available }) => sum + available, 0)).toBe(10);
});

test("its level has all units", async () => {
  const stock = shardedStock({ items: await spreadingMeanwhile(), rng: { next: () => 0 } });

  expect(await stock.levels(["lamp"])).toEqual([{ sku: "lamp", onHand: 10, reserved: 0, sold: 0 }]);
});

test("an order for all of it is not told that it is out of stock", async () => {
  const stock = shardedStock({ items: await spreadingMeanwhile(), rng: { next: () => 0 } });

  const answer = await stock.reserve("order-1", [{ sku: "lamp", quantity: 10 }], 1_000 as EpochMs);

  expect(answer).toEqual({ kind: "reserved" });
});
