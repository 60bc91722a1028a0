// Shards that are added, and units that are moved, while the stock is looked at hide no unit.
import { expect, test } from "vitest";
import { memoryStockItems } from "#adapters/memory/stock-items";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { shardedAdjustments } from "#services/inventory/adjust-units";
import { setShards } from "#services/inventory/set-shards";
import { shardedStock } from "#services/inventory/sharded-stock";
import type { StockItemId, StockItems } from "#services/inventory/ports";
import { allItemsOf } from "#services/inventory/stock-counters";

/** Its units are spread over five shards when the first snapshot is taken, which knew of two. */
async function spreadingMeanwhile(): Promise<StockItems> {
  const items = memoryStockItems();
  await shardedStock({ items, rng: { next: () => 0 } }).receive("lamp", 10);
  await setShards(items, { sku: "lamp", shards: 2 });
  let isSpread = false;
  const spreadOver = async (ids: readonly StockItemId[]): Promise<void> => {
    if (isSpread || ids.length === 1) return;
    isSpread = true;
    await setShards(items, { sku: "lamp", shards: 5 });
  };
  return {
    ...items,
    async items(ids) {
      await spreadOver(ids);
      return await items.items(ids);
    },
    async snapshot(ids) {
      await spreadOver(ids);
      return await items.snapshot(ids);
    },
  };
}

/** Two shards; what both looks at them show first is a move that has left one and reached none. */
async function movingMeanwhile(): Promise<StockItems> {
  const items = memoryStockItems();
  await shardedStock({ items, rng: { next: () => 0 } }).receive("lamp", 10);
  await setShards(items, { sku: "lamp", shards: 2 });
  let looks = 0;
  const look = async (ids: readonly StockItemId[]) => {
    const all = await items.snapshot(ids);
    if (ids.length === 1) return all;
    looks += 1;
    if (looks > 2) return all;
    return all.map((item) =>
      item.shard === 1 ? { ...item, available: 0, moved: item.moved - item.available } : item,
    );
  };
  return { ...items, items: look, snapshot: look };
}

/** Nobody ever gets to see it at one moment. */
async function neverStill(): Promise<StockItems> {
  const items = memoryStockItems();
  await shardedStock({ items, rng: { next: () => 0 } }).receive("lamp", 10);
  await setShards(items, { sku: "lamp", shards: 3 });
  const busy = new Failure("store-throttled", "retry", "Stock items changed while they were read.");
  return { ...items, snapshot: () => Promise.reject(busy) };
}

const reserveOf = async (items: StockItems, quantity: number) =>
  await shardedStock({ items, rng: { next: () => 0 } }).reserve(
    "order-1",
    [{ sku: "lamp", quantity }],
    1_000 as EpochMs,
  );

test("all counters of a SKU are those that it has at that moment", async () => {
  const all = await allItemsOf(await spreadingMeanwhile(), "lamp");

  expect(all.map(({ shard }) => shard)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(all.reduce((sum, { available }) => sum + available, 0)).toBe(10);
});

test("its level has all units", async () => {
  const stock = shardedStock({ items: await spreadingMeanwhile(), rng: { next: () => 0 } });

  expect(await stock.levels(["lamp"])).toEqual([{ sku: "lamp", onHand: 10, reserved: 0, sold: 0 }]);
});

test.for([
  ["spread", spreadingMeanwhile],
  ["moved", movingMeanwhile],
] as const)(
  "an order for all of what is %s is not told that it is out of stock",
  async ([, open]) => {
    expect(await reserveOf(await open(), 10)).toEqual({ kind: "reserved" });
  },
);

test("what cannot be seen at one moment is sold, shown and adjusted all the same", async () => {
  const items = await neverStill();
  const stock = shardedStock({ items, rng: { next: () => 0 } });
  const taking = { id: "a", sku: "lamp", delta: -9, reason: "count", adjustedAt: 1 as EpochMs };

  const reserved = await reserveOf(items, 1);
  const [level] = await stock.levels(["lamp"]);
  const adjusted = await shardedAdjustments({ items, rng: { next: () => 0 } }).adjust(taking);

  expect(reserved).toEqual({ kind: "reserved" });
  expect(level).toEqual({ sku: "lamp", onHand: 10, reserved: 1, sold: 0 });
  expect(adjusted).toMatchObject({ kind: "recorded" });
});

test("what cannot be seen at one moment is not out of stock: it is tried again", async () => {
  const failing = reserveOf(await neverStill(), 11);

  await expect(failing).rejects.toMatchObject({ code: "store-throttled", action: "retry" });
});
