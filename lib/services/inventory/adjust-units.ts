/**
 * Adjustments over the counters of a SKU: the record and all the units that it changes are one
 * transaction.
 */
import { Failure } from "#kernel/failure";
import type { Rng } from "#kernel/rng";
import { takenFrom, type Taken } from "./domain/counters.ts";
import {
  type AdjustAnswer,
  type Adjustment,
  STOCK_ITEMS_MAX,
  type StockAdjustments,
  type StockItems,
  type StockWrite,
} from "./ports.ts";
import { allItemsOf, balance, someItemsOf } from "./stock-counters.ts";

/** Of taking units that others keep buying. */
const TRIES_MAX = 8;

export function shardedAdjustments({
  items,
  rng,
}: {
  readonly items: StockItems;
  readonly rng: Pick<Rng, "next">;
}): StockAdjustments {
  return {
    async adjust(adjustment) {
      const { sku, delta } = adjustment;
      let parts: readonly Taken[] = [{ shard: 0, quantity: -delta }];
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        const outcomes = await items.write([
          { kind: "new-adjustment", adjustment },
          ...parts.map((part) => taking(sku, part)),
        ]);
        if (outcomes === undefined) return await recorded(items, adjustment);
        const present = outcomes[0]?.adjustment;
        if (present !== undefined) return { kind: "recorded", adjustment: present };
        const some = await someItemsOf(items, sku);
        if (some.length === 0) return { kind: "unknown-sku" };
        const found =
          takenFrom(some, -delta, rng) ?? takenFrom(await allItemsOf(items, sku), -delta, rng);
        if (found === undefined || found.length > STOCK_ITEMS_MAX) return { kind: "short" };
        parts = found;
      }
      throw new Failure("conflict", "retry", `Others keep buying ${sku}; ask again.`);
    },
  };
}

const taking = (sku: string, { shard, quantity }: Taken): StockWrite => ({
  kind: "units",
  item: { sku, shard },
  change: { available: -quantity, adjusted: -quantity },
});

/** New units lie in the base, where a sharded SKU is not sold from. */
async function recorded(items: StockItems, adjustment: Adjustment): Promise<AdjustAnswer> {
  const [base] = adjustment.delta > 0 ? await items.items([{ sku: adjustment.sku, shard: 0 }]) : [];
  if (base !== undefined) await balance(items, base);
  return { kind: "recorded", adjustment };
}
