/**
 * The counters of a SKU: read together, filled, and balanced while sales go on.
 */
import { Failure, isFailure } from "#kernel/failure";
import { movesToBalance } from "./domain/counters.ts";
import type { StockItem, StockItems, StockLevel, StockWrite, UnitChange } from "./ports.ts";

/** Of a base that is found changed since it was read. */
const TRIES_MAX = 8;
/** Of balancing, whose moves sales may get in the way of. */
const ROUNDS_MAX = 4;

/** Everything that the SKU has, at one moment; empty for one that was never received. */
export async function allItemsOf(items: StockItems, sku: string): Promise<readonly StockItem[]> {
  const [base] = await items.items([{ sku, shard: 0 }]);
  return base === undefined ? [] : await atOneMoment(items, base);
}

/** All of the SKU's counters, each as it is, but not at one moment: enough for a guess. */
export async function someItemsOf(items: StockItems, sku: string): Promise<readonly StockItem[]> {
  const [base] = await items.items([{ sku, shard: 0 }]);
  return base === undefined ? [] : await oneByOne(items, base);
}

const oneByOne = async (items: StockItems, base: StockItem): Promise<readonly StockItem[]> =>
  base.made === 0 ? [base] : await items.items(idsOf(base));

/**
 * Shards that were added since the base was read may have units already: they are read as well.
 * What is moved leaves one counter and reaches another, and may be seen in one of them alone.
 */
async function atOneMoment(items: StockItems, base: StockItem): Promise<readonly StockItem[]> {
  let known = base;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (known.made === 0) return [known];
    const all = await items.snapshot(idsOf(known));
    const newest = all.find(({ shard }) => shard === 0) ?? known;
    if (newest.made <= known.made && sumOf(all, "moved") === 0) return all;
    known = newest;
  }
  throw new Failure("conflict", "retry", `Others keep moving units of ${base.sku}; ask again.`);
}

const idsOf = ({ sku, made }: Pick<StockItem, "sku" | "made">) =>
  Array.from({ length: made + 1 }, (_, shard) => ({ sku, shard }));

/** A level that nobody holds still is told as its counters are, one by one. */
export async function levelsOf(
  items: StockItems,
  skus: readonly string[],
): Promise<readonly StockLevel[]> {
  const bases = await items.items([...new Set(skus)].map((sku) => ({ sku, shard: 0 })));
  return await Promise.all(
    bases.map(async (base) => {
      const all = await atOneMoment(items, base).catch(async (error: unknown) => {
        if (isFailure(error) && error.action === "retry") return await oneByOne(items, base);
        throw error;
      });
      return levelOf(all, base.sku);
    }),
  );
}

const levelOf = (all: readonly StockItem[], sku: string): StockLevel => {
  const reserved = sumOf(all, "reserved");
  return { sku, onHand: sumOf(all, "available") + reserved, reserved, sold: sumOf(all, "sold") };
};

type Counted = "available" | "reserved" | "sold" | "moved";

const sumOf = (all: readonly StockItem[], what: Counted): number =>
  all.reduce((sum, item) => sum + item[what], 0);

/** Only receiving changes what has been received, so of two at once one begins anew. */
export async function receiveUnits(
  items: StockItems,
  sku: string,
  level: number,
): Promise<boolean> {
  const first = { ...emptyItem(sku, 0), available: level, received: level };
  if ((await items.write([{ kind: "new-item", item: first }])) === undefined) return true;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const all = await allItemsOf(items, sku);
    const missing = level - sumOf(all, "available");
    if (missing <= 0) return false;
    const base = all.find(({ shard }) => shard === 0);
    const change: UnitChange = { available: missing, received: missing };
    const write: StockWrite = {
      kind: "units",
      item: { sku, shard: 0 },
      change,
      receivedBefore: base?.received ?? 0,
    };
    if ((await items.write([write])) !== undefined) continue;
    if (base !== undefined) await balance(items, base);
    return true;
  }
  throw new Failure("conflict", "retry", `Others keep receiving ${sku}; ask again.`);
}

/** Answers how many units were moved. Unsharded, it does nothing. */
export async function balance(
  items: StockItems,
  { sku, shards, made }: Pick<StockItem, "sku" | "shards" | "made">,
): Promise<number> {
  let moved = 0;
  if (made === 0) return moved;
  const ids = idsOf({ sku, made });
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const moves = movesToBalance(await items.items(ids), shards);
    if (moves.length === 0) return moved;
    for (const { from, to, quantity } of moves) {
      const outcomes = await items.write([moveOf(sku, from, -quantity), moveOf(sku, to, quantity)]);
      if (outcomes === undefined) moved += quantity;
    }
  }
  return moved;
}

const moveOf = (sku: string, shard: number, units: number): StockWrite => ({
  kind: "units",
  item: { sku, shard },
  change: { available: units, moved: units },
});

export const emptyItem = (sku: string, shard: number): StockItem => ({
  sku,
  shard,
  available: 0,
  reserved: 0,
  sold: 0,
  received: 0,
  adjusted: 0,
  moved: 0,
  shards: 1,
  made: 0,
});
