/**
 * How the units of a SKU lie in its counters: where a sale takes them from, and how they are spread
 * evenly.
 */
import type { Rng } from "#kernel/rng";

export type Counter = { readonly shard: number; readonly available: number };

export type Taken = { readonly shard: number; readonly quantity: number };

export type Move = { readonly from: number; readonly to: number; readonly quantity: number };

/**
 * From one counter where one has enough, any of them; else from as few as possible. Undefined: all
 * of them together have too few.
 */
export function takenFrom(
  counters: readonly Counter[],
  quantity: number,
  rng: Pick<Rng, "next">,
): readonly Taken[] | undefined {
  const enough = counters.filter(({ available }) => available >= quantity);
  const any = enough[Math.floor(rng.next() * enough.length)];
  if (any !== undefined) return [{ shard: any.shard, quantity }];
  const taken: Taken[] = [];
  let missing = quantity;
  for (const { shard, available } of counters.toSorted((a, b) => b.available - a.available)) {
    const part = Math.min(missing, available);
    if (part <= 0) break;
    taken.push({ shard, quantity: part });
    missing -= part;
  }
  return missing === 0 ? taken : undefined;
}

/** Which counters new sales are spread over: the base alone, or all shards but not the base. */
export const openShards = (shards: number): readonly number[] =>
  shards === 1 ? [0] : Array.from({ length: shards }, (_, index) => index + 1);

/** What brings every open counter to an equal share, and the others to nothing. */
export function movesToBalance(counters: readonly Counter[], shards: number): readonly Move[] {
  const open = openShards(shards);
  const total = counters.reduce((sum, { available }) => sum + available, 0);
  const share = Math.floor(total / open.length);
  const rest = total % open.length;
  const wanted = new Map(open.map((shard, index) => [shard, share + (index < rest ? 1 : 0)]));
  const surplus = counters.map(({ shard, available }) => ({
    shard,
    units: available - (wanted.get(shard) ?? 0),
  }));
  const givers = surplus.filter(({ units }) => units > 0);
  const takers = surplus.filter(({ units }) => units < 0);
  const moves: Move[] = [];
  for (const giver of givers) {
    for (const taker of takers) {
      const quantity = Math.min(giver.units, -taker.units);
      if (quantity <= 0) continue;
      moves.push({ from: giver.shard, to: taker.shard, quantity });
      giver.units -= quantity;
      taker.units += quantity;
    }
  }
  return moves;
}
