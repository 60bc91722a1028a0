/**
 * Sets how many shards a SKU's sales are spread over, and moves its units there while sales go
 * on.
 */
import { skuField } from "#contracts/http/fields";
import type { ShardsBody, ShardsView } from "#contracts/http/inventory";
import { Failure } from "#kernel/failure";
import type { StockItem, StockItems } from "./ports.ts";
import { balance, emptyItem } from "./stock-counters.ts";

/** Of a base that others set at the same time. */
const TRIES_MAX = 5;

/**
 * May be repeated: the same number moves what has become uneven. Errors: `not-found` (reject) for a
 * SKU that was never received; the store's.
 */
export async function setShards(
  items: StockItems,
  { sku, shards }: ShardsBody & { readonly sku: string },
): Promise<ShardsView> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const [base] = skuField.safeParse(sku).success ? await items.items([{ sku, shard: 0 }]) : [];
    if (base === undefined) {
      throw new Failure("not-found", "reject", "There is no stock record of such a SKU.");
    }
    const ready = await announced(items, base, shards);
    if (ready === undefined) continue;
    return { sku, shards, movedUnits: await balance(items, ready) };
  }
  throw new Failure("conflict", "retry", `Others keep setting the shards of ${sku}; ask again.`);
}

/** New shards stand before the base tells of them. Undefined: the base has changed meanwhile. */
async function announced(
  items: StockItems,
  base: StockItem,
  shards: number,
): Promise<StockItem | undefined> {
  const { sku } = base;
  const to = { shards, made: Math.max(base.made, shards === 1 ? 0 : shards) };
  if (base.shards === to.shards && base.made === to.made) return base;
  for (let shard = base.made + 1; shard <= to.made; shard += 1) {
    await items.write([{ kind: "new-item", item: emptyItem(sku, shard) }]);
  }
  const from = { shards: base.shards, made: base.made };
  const outcomes = await items.write([{ kind: "shards", sku, from, to }]);
  return outcomes === undefined ? { ...base, ...to } : undefined;
}
