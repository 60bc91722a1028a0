/**
 * Stock over counters: a SKU has one, and a hot one has shards besides, so that many orders at once
 * need not meet on one item. Every change of an order's stock is one transaction whatever the
 * number of its lines.
 *
 *     sell:  one counter -> refused -> all of the SKU's counters, one by one -> too few
 *                                   -> all of them at one moment -> out of stock
 */
import type { ShortLine } from "#contracts/short-stock";
import { Failure } from "#kernel/failure";
import { recentMap } from "#kernel/recent-map";
import type { Rng } from "#kernel/rng";
import { openShards, takenFrom } from "./domain/counters.ts";
import type { Short } from "./lines.ts";
import { committedHold, releasedHold, shippedHold } from "./holds.ts";
import {
  type HeldUnits,
  type Hold,
  type ReservationLine,
  type ReserveAnswer,
  STOCK_ITEMS_MAX,
  type StockItem,
  type StockItems,
  type StockStore,
  type StockWrite,
  type WriteOutcome,
} from "./ports.ts";
import { allItemsOf, levelsOf, receiveUnits, someItemsOf } from "./stock-counters.ts";

export type ShardedStock = StockStore & {
  /** As `reserve`, for any hold; `present` is the one that stands there under the same key. */
  hold(wanted: HoldWanted): Promise<HoldAnswer>;
};

export type HoldWanted = Omit<Hold, "status" | "units"> & {
  /** Each SKU once. */
  readonly lines: readonly ReservationLine[];
};

export type HoldAnswer =
  | { readonly kind: "held"; readonly hold: Hold }
  | { readonly kind: "exists"; readonly hold: Hold }
  | Short;

export type ShardedStockProps = {
  readonly items: StockItems;
  /** Which shard is tried first. */
  readonly rng: Pick<Rng, "next">;
};

/** Of a sale whose counters keep being emptied by others while it looks for units. */
const TRIES_MAX = 8;
/** SKUs whose shards are remembered: hot ones are few. */
const HINTS_MAX = 1_000;

export function shardedStock({ items, rng }: ShardedStockProps): ShardedStock {
  const hints = recentMap<number>(HINTS_MAX);

  /** A guess that costs no read; the base of a sharded SKU is empty, which tells who guessed it. */
  const firstGuess = ({ sku, quantity }: ReservationLine): readonly HeldUnits[] => {
    const open = openShards(hints.get(sku) ?? 1);
    return [{ sku, shard: open[Math.floor(rng.next() * open.length)] ?? 0, quantity }];
  };

  /**
   * From all of its counters, or that they have too few at one moment. A guess needs no such
   * moment: its own transaction checks it.
   */
  const secondGuess = async ({ sku, quantity }: ReservationLine): Promise<Found> => {
    const counters = await someItemsOf(items, sku);
    hints.put(sku, counters.find(({ shard }) => shard === 0)?.shards ?? 1);
    const guessed = takenFrom(counters, quantity, rng);
    const all = guessed === undefined ? await allItemsOf(items, sku) : [];
    const taken = guessed ?? takenFrom(all, quantity, rng);
    return taken?.map((part) => ({ sku, ...part })) ?? { available: availableIn(all) };
  };

  const found = async ({ line, units }: Guess, verdict: Verdict): Promise<Found> => {
    if (verdict === "stands") return units;
    return verdict === "look" ? await secondGuess(line) : verdict;
  };

  const hold = async ({ lines, ...wanted }: HoldWanted): Promise<HoldAnswer> => {
    if (lines.length > STOCK_ITEMS_MAX) throw tooManyLines(lines.length);
    let guesses: readonly Guess[] = lines.map((line) => ({ line, units: firstGuess(line) }));
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const units = guesses.flatMap((guess) => guess.units);
      if (units.length > STOCK_ITEMS_MAX) return { kind: "scattered", skus: scattered(guesses) };
      const made: Hold = { ...wanted, status: "held", units };
      const outcomes = await items.write([
        { kind: "new-hold", hold: made },
        ...units.map(reserved),
      ]);
      if (outcomes === undefined) return { kind: "held", hold: made };
      const [ofHold, ...ofUnits] = outcomes;
      if (ofHold?.hold !== undefined) return { kind: "exists", hold: ofHold.hold };
      const judged = await Promise.all(
        judge(guesses, ofUnits).map(async ({ guess, verdict }) => ({
          line: guess.line,
          units: await found(guess, verdict),
        })),
      );
      const short = judged.flatMap(({ line: { sku, quantity: requested }, units }): ShortLine[] =>
        isTooFew(units) ? [{ sku, requested, available: units.available }] : [],
      );
      if (short.length > 0) return { kind: "out-of-stock", short };
      guesses = judged.flatMap(({ line, units: next }) =>
        isTooFew(next) ? [] : [{ line, units: next }],
      );
    }
    throw new Failure("conflict", "retry", "Others keep buying the same units; ask again.");
  };

  return {
    hold,
    async reserve(id, lines, expiresAt) {
      return reserveAnswer(await hold({ of: "order", id, lines, expiresAt }));
    },
    commit: (id, now) => committedHold(items, { of: "order", id }, now),
    ship: (id, now) => shippedHold(items, { of: "order", id }, now),
    release: (id, now) => releasedHold(items, { of: "order", id }, now),
    levels: (skus) => levelsOf(items, skus),
    receive: (sku, available) => receiveUnits(items, sku, available),
  };
}

function reserveAnswer(answer: HoldAnswer): ReserveAnswer {
  switch (answer.kind) {
    case "held":
      return { kind: "reserved" };
    case "exists":
      return { kind: hasEnded(answer.hold) ? "released" : "already-reserved" };
    case "out-of-stock":
    case "scattered":
      return answer;
    default:
      return answer satisfies never;
  }
}

type Guess = { readonly line: ReservationLine; readonly units: readonly HeldUnits[] };

/** All that there is of a SKU, which is less than was asked for. */
type TooFew = { readonly available: number };

type Found = readonly HeldUnits[] | TooFew;

const isTooFew = (found: Found): found is TooFew => "available" in found;

/** `look`: other counters may have them. */
type Verdict = "stands" | "look" | TooFew;

type Judged = { readonly guess: Guess; readonly verdict: Verdict };

function judge(guesses: readonly Guess[], outcomes: readonly WriteOutcome[]): readonly Judged[] {
  let next = 0;
  return guesses.map((guess) => {
    const own = outcomes.slice(next, next + guess.units.length);
    next += guess.units.length;
    const refused = own.findIndex(({ isRefused }) => isRefused);
    if (refused < 0) return { guess, verdict: "stands" };
    const isBase = guess.units[refused]?.shard === 0;
    const counter = own[refused]?.item;
    const isAll = isBase && isAlone(counter);
    return { guess, verdict: isAll ? { available: counter?.available ?? 0 } : "look" };
  });
}

const availableIn = (counters: readonly StockItem[]): number =>
  counters.reduce((sum, { available }) => sum + available, 0);

/** A SKU without a base has nothing at all. */
const isAlone = (base: StockItem | undefined): boolean => (base?.made ?? 0) === 0;

const reserved = ({ sku, shard, quantity }: HeldUnits): StockWrite => ({
  kind: "units",
  item: { sku, shard },
  change: { available: -quantity, reserved: quantity },
});

const scattered = (guesses: readonly Guess[]): readonly string[] =>
  guesses.filter(({ units }) => units.length > 1).map(({ line }) => line.sku);

const hasEnded = ({ status }: Hold): boolean => status === "released" || status === "expired";

const tooManyLines = (count: number): Failure =>
  new Failure(
    "invalid-request",
    "reject",
    `A hold has at most ${STOCK_ITEMS_MAX} SKUs; received ${count}: split the order.`,
  );
