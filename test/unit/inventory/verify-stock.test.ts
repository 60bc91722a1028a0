// The stock checked against itself: nothing is told when all is right, each wrong number is.
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import type { StockEntry, StockItem } from "#services/inventory/ports";
import { setShards } from "#services/inventory/set-shards";
import { emptyItem } from "#services/inventory/stock-counters";
import { verifyStock } from "#services/inventory/verify-stock";
import { memoryInventory } from "../../support/memory-inventory.ts";

const noon = 1_700_000_000_000 as EpochMs;

const bookOf = (entries: readonly StockEntry[]) => ({
  async *entries() {
    yield* entries;
  },
});

const counter = (over: Partial<StockItem>): StockEntry => ({
  kind: "item",
  item: { ...emptyItem("lamp", 0), ...over },
});

test("every unit that came in is available, reserved or sold", async () => {
  const { stock, adjustments, items, book } = memoryInventory();
  await stock.receive("lamp", 20);
  await stock.receive("sofa", 3);
  await setShards(items, { sku: "lamp", shards: 3 });
  for (const order of ["sold", "kept", "left"]) {
    await stock.reserve(order, [{ sku: "lamp", quantity: 4 }], noon);
  }
  await stock.commit("sold", 0 as EpochMs);
  await stock.ship("sold", noon);
  await stock.release("left", noon);
  const adjustment = { id: "a", sku: "lamp", delta: -2, reason: "broken", adjustedAt: noon };
  await adjustments.adjust(adjustment);

  expect(await verifyStock(book)).toEqual({
    skus: 2,
    counters: 5,
    holds: { held: 1, committed: 0, shipped: 1, released: 1, expired: 0 },
    units: { available: 13, reserved: 4, sold: 4, received: 23, adjusted: -2 },
    differences: 0,
    told: [],
  });
});

test.each([
  { name: "a unit out of nothing", entries: [counter({ available: 1 })], says: "got 0 units" },
  {
    name: "fewer than none",
    entries: [counter({ available: -1, received: -1 })],
    says: "-1 available",
  },
  {
    name: "a move to nowhere",
    entries: [counter({ available: 0, received: 1, moved: -1 })],
    says: "-1 units were moved to nowhere",
  },
  {
    name: "a reservation of nobody",
    entries: [counter({ reserved: 1, received: 1 })],
    says: "lamp#0: 1 units more are reserved than are held",
  },
  {
    name: "a sale of nobody",
    entries: [counter({ sold: 1, received: 1 })],
    says: "lamp#0: 1 units more are sold than were shipped",
  },
  {
    name: "an adjustment without its record",
    entries: [counter({ available: 1, adjusted: 1 })],
    says: "lamp: adjusted by 1, recorded 0",
  },
] as const)("$name is told", async ({ entries, says }) => {
  const { differences, told } = await verifyStock(bookOf(entries));

  expect(differences).toBeGreaterThan(0);
  expect(told.join()).toContain(says);
});

test("of many differences the first are told and all are counted", async () => {
  const entries = Array.from({ length: 100 }, (_, shard) => counter({ shard, available: 1 }));

  const { differences, told } = await verifyStock(bookOf(entries));

  expect([differences, told.length]).toEqual([100, 20]);
});
