// Ending holds: a bound of its own, one failure keeps nobody else, and what was late is counted.
import { expect, test } from "vitest";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { expireHolds } from "#services/inventory/expire-holds";
import { memoryInventory } from "../../support/memory-inventory.ts";

const noon = 1_700_000_000_000 as EpochMs;
const TEN_MINUTES_MS = 600_000;

async function withHolds(count: number) {
  const shop = memoryInventory();
  await shop.stock.receive("lamp", count);
  for (let index = 0; index < count; index += 1) {
    await shop.stock.reserve(`order-${index}`, [{ sku: "lamp", quantity: 1 }], noon);
  }
  const counted: Record<string, number> = {};
  const tally = (name: string, value: number) => void (counted[name] = value);
  return { ...shop, counted, ports: { ...shop, count: tally } };
}

test("one run ends a thousand holds, the next one the rest", async () => {
  const { stock, counted, ports } = await withHolds(1_001);

  const first = await expireHolds(ports, noon);
  const second = await expireHolds(ports, noon);

  expect([first.expired, second.expired]).toEqual([1_000, 1]);
  expect(counted).toEqual({ HoldsExpired: 1, HoldsOverdue: 0 });
  expect(await stock.levels(["lamp"])).toMatchObject([{ reserved: 0, onHand: 1_001 }]);
});

test("what is found ten minutes late is overdue", async () => {
  const { ports } = await withHolds(2);

  const answer = await expireHolds(ports, (noon + TEN_MINUTES_MS) as EpochMs);

  expect(answer).toEqual({ found: 2, expired: 2, overdue: 2 });
});

test("one that fails is told after all others were ended", async () => {
  const { items, ports, stock } = await withHolds(5);
  const failure = new Failure("store-throttled", "retry", "busy");
  const failing = {
    ...items,
    hold: (key: Parameters<typeof items.hold>[0]) =>
      key.id === "order-1" ? Promise.reject(failure) : items.hold(key),
  };

  await expect(expireHolds({ ...ports, items: failing }, noon)).rejects.toBe(failure);
  expect(await stock.levels(["lamp"])).toMatchObject([{ reserved: 1 }]);
});

test("what the index still names but is not held any more stays as it is", async () => {
  const { ports, stock } = await withHolds(2);
  await stock.commit("order-0", 0 as EpochMs);
  await stock.release("order-1", noon);
  const behind = {
    due: async () =>
      ["order-0", "order-1", "gone"].map((id) => ({
        key: { of: "order" as const, id },
        expiresAt: noon,
      })),
  };

  const answer = await expireHolds({ ...ports, holds: behind }, noon);

  expect(answer).toEqual({ found: 3, expired: 0, overdue: 0 });
  expect(await stock.levels(["lamp"])).toMatchObject([{ reserved: 1 }]);
});

test("a hold that is named before its end is kept to its end", async () => {
  const { ports, stock } = await withHolds(1);
  const early = (noon - 1) as EpochMs;
  const hasty = {
    due: async () => [{ key: { of: "order" as const, id: "order-0" }, expiresAt: early }],
  };

  const answer = await expireHolds({ ...ports, holds: hasty }, early);

  expect(answer).toMatchObject({ found: 1, expired: 0 });
  expect(await stock.levels(["lamp"])).toMatchObject([{ reserved: 1 }]);
});
