/**
 * What every store of stock adjustments must do; it is the same stock that reservations take from.
 */
import { beforeEach, expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import type { Adjustment, StockAdjustments, StockStore } from "#services/inventory/ports";

const noon = 1_700_000_000_000 as EpochMs;

export type AdjustedStock = { readonly stock: StockStore; readonly adjustments: StockAdjustments };

export function stockAdjustmentsContract(open: () => AdjustedStock): void {
  let stock: StockStore;
  let adjustments: StockAdjustments;
  let chair: string;

  beforeEach(async () => {
    ({ stock, adjustments } = open());
    chair = fresh("chair");
    await stock.receive(chair, 5);
  });

  const of = (delta: number, change: Partial<Adjustment> = {}): Adjustment => ({
    id: fresh("adjustment"),
    sku: chair,
    delta,
    reason: "counted",
    adjustedAt: noon,
    ...change,
  });

  test("units are added and taken, reserved ones apart", async () => {
    await stock.reserve(fresh("order"), [{ sku: chair, quantity: 2 }], noon);
    const adding = of(4);

    expect(await adjustments.adjust(adding)).toEqual({ kind: "recorded", adjustment: adding });
    await adjustments.adjust(of(-3));

    expect(await stock.levels([chair])).toEqual([{ sku: chair, onHand: 6, reserved: 2, sold: 0 }]);
  });

  test("under one id it happens once, and the first one is answered", async () => {
    const first = of(-1);
    await adjustments.adjust(first);

    const later = { ...first, adjustedAt: (noon + 1) as EpochMs };
    const other = { ...first, delta: 100, sku: fresh("never-received") };

    expect(await adjustments.adjust(later)).toEqual({ kind: "recorded", adjustment: first });
    expect(await adjustments.adjust(other)).toEqual({ kind: "recorded", adjustment: first });
    expect(await stock.levels([chair])).toEqual([{ sku: chair, onHand: 4, reserved: 0, sold: 0 }]);
  });

  test("the last units may be taken, and no more", async () => {
    expect(await adjustments.adjust(of(-6))).toEqual({ kind: "short" });
    expect(await adjustments.adjust(of(-5))).toMatchObject({ kind: "recorded" });
    expect(await adjustments.adjust(of(-1))).toEqual({ kind: "short" });
    expect(await stock.levels([chair])).toEqual([{ sku: chair, onHand: 0, reserved: 0, sold: 0 }]);
  });

  test("what was short leaves nothing, so the same id may work later", async () => {
    const taking = of(-6);
    await adjustments.adjust(taking);
    await stock.receive(chair, 6);

    expect(await adjustments.adjust(taking)).toEqual({ kind: "recorded", adjustment: taking });
  });

  test("a SKU that was never received is not adjusted", async () => {
    const ghost = fresh("ghost");

    expect(await adjustments.adjust(of(1, { sku: ghost }))).toEqual({ kind: "unknown-sku" });
    expect(await stock.levels([ghost])).toEqual([]);
  });

  test("twenty at once under one id change the stock once", async () => {
    const adding = of(1);
    await Promise.allSettled(Array.from({ length: 20 }, () => adjustments.adjust(adding)));

    expect(await stock.levels([chair])).toEqual([{ sku: chair, onHand: 6, reserved: 0, sold: 0 }]);
  });
}

let made = 0;

/** Names of its own for each test, since one table serves them all. */
const fresh = (name: string): string => {
  made += 1;
  return `${name}-${made}`;
};
