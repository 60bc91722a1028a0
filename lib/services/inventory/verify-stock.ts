/**
 * Checks the stock against itself: no unit is made or lost, whatever was bought, given back, sold,
 * corrected and moved. Each counter is exact at every moment; sums over several items are so when
 * nothing is under way.
 */
import type { StockVerification } from "#contracts/operator";
import type { Hold, StockBook, StockEntry, StockItem } from "./ports.ts";

/** Differences that are told; all of them are counted. */
const TOLD_MAX = 20;

export async function verifyStock(book: StockBook): Promise<StockVerification> {
  const sums = emptySums();
  for await (const entry of book.entries()) add(sums, entry);
  const differences = [...sums.differences, ...sumDifferences(sums)];
  return {
    skus: sums.bySku.size,
    counters: sums.counters,
    holds: sums.holds,
    units: sums.units,
    differences: differences.length,
    told: differences.slice(0, TOLD_MAX),
  };
}

type SkuSums = { moved: number; adjusted: number; recorded: number };

type Sums = {
  counters: number;
  readonly holds: Record<Hold["status"], number>;
  readonly units: {
    available: number;
    reserved: number;
    sold: number;
    received: number;
    adjusted: number;
  };
  readonly bySku: Map<string, SkuSums>;
  /** By counter: what it says and what the holds say. */
  readonly byCounter: Map<string, { reserved: number; sold: number }>;
  readonly differences: string[];
};

const emptySums = (): Sums => ({
  counters: 0,
  holds: { held: 0, committed: 0, shipped: 0, released: 0, expired: 0 },
  units: { available: 0, reserved: 0, sold: 0, received: 0, adjusted: 0 },
  bySku: new Map(),
  byCounter: new Map(),
  differences: [],
});

function add(sums: Sums, entry: StockEntry): void {
  switch (entry.kind) {
    case "item":
      return addItem(sums, entry.item);
    case "hold":
      return addHold(sums, entry.hold);
    case "adjustment":
      skuOf(sums, entry.adjustment.sku).recorded += entry.adjustment.delta;
      return undefined;
    default:
      return entry satisfies never;
  }
}

function addItem(sums: Sums, item: StockItem): void {
  const { sku, available, reserved, sold, received, adjusted, moved } = item;
  const { units } = sums;
  sums.counters += 1;
  units.available += available;
  units.reserved += reserved;
  units.sold += sold;
  units.received += received;
  units.adjusted += adjusted;
  const own = skuOf(sums, sku);
  own.moved += moved;
  own.adjusted += adjusted;
  const counter = counterOf(sums, item);
  counter.reserved += reserved;
  counter.sold += sold;
  const has = available + reserved + sold;
  const got = received + adjusted + moved;
  if (has !== got) tell(sums, item, `it got ${got} units and has ${has}`);
  if (available < 0 || reserved < 0)
    tell(sums, item, `${available} available, ${reserved} reserved`);
}

function addHold(sums: Sums, { status, units }: Hold): void {
  sums.holds[status] += 1;
  for (const each of units) {
    const counter = counterOf(sums, each);
    if (status === "held" || status === "committed") counter.reserved -= each.quantity;
    if (status === "shipped") counter.sold -= each.quantity;
  }
}

function* sumDifferences({ bySku, byCounter }: Sums): Generator<string> {
  for (const [sku, { moved, adjusted, recorded }] of bySku) {
    if (moved !== 0) yield `${sku}: ${moved} units were moved to nowhere`;
    if (adjusted !== recorded) yield `${sku}: adjusted by ${adjusted}, recorded ${recorded}`;
  }
  for (const [name, { reserved, sold }] of byCounter) {
    if (reserved !== 0) yield `${name}: ${reserved} units more are reserved than are held`;
    if (sold !== 0) yield `${name}: ${sold} units more are sold than were shipped`;
  }
}

const tell = ({ differences }: Sums, item: StockItem, what: string): void =>
  void differences.push(`${nameOf(item)}: ${what}`);

const nameOf = ({ sku, shard }: Pick<StockItem, "sku" | "shard">): string => `${sku}#${shard}`;

function skuOf({ bySku }: Sums, sku: string): SkuSums {
  const found = bySku.get(sku) ?? { moved: 0, adjusted: 0, recorded: 0 };
  bySku.set(sku, found);
  return found;
}

function counterOf({ byCounter }: Sums, item: Pick<StockItem, "sku" | "shard">) {
  const name = nameOf(item);
  const found = byCounter.get(name) ?? { reserved: 0, sold: 0 };
  byCounter.set(name, found);
  return found;
}
