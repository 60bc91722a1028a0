/**
 * What the inventory service needs from outside.
 */
import type { ShortLine } from "#contracts/short-stock";
import type { EpochMs } from "#kernel/units";

/** What a SKU has, over all of its shards; units. */
export type StockLevel = {
  readonly sku: string;
  /** In the warehouse, reserved ones included. */
  readonly onHand: number;
  readonly reserved: number;
  /** Shipped and gone. */
  readonly sold: number;
};

export type ReservationLine = { readonly sku: string; readonly quantity: number };

export type ReserveAnswer =
  | { readonly kind: "reserved" }
  /** This order's hold exists already; nothing was written. */
  | { readonly kind: "already-reserved" }
  /** Released, expired or cancelled before it arrived: a late reserve is refused for ever. */
  | { readonly kind: "released" }
  | { readonly kind: "out-of-stock"; readonly short: readonly ShortLine[] }
  /** There are enough units, in more shards than one transaction reaches; nothing was written. */
  | { readonly kind: "scattered"; readonly skus: readonly string[] };

/**
 * Contract (`test/contract/stock-store-contract.ts`):
 * - `reserve` is one conditional transaction over all lines (each SKU once): all or nothing,
 *   never below 0. What it takes is held until `expiresAt`.
 * - `commit` makes a hold permanent: only before its end, and only where nothing has released it.
 *   Of a commit and an expiry at the same moment exactly one happens.
 * - `ship` turns a committed hold into sold units, which are not on hand any more.
 * - `release` gives back exactly what is held or committed, once; without a hold it leaves a
 *   tombstone that refuses a late one.
 * - `receive` raises what is available to the level, never lowers it; answers whether it wrote.
 * - Errors: `store-throttled` and `conflict` (retry), `outcome-unknown` (all may simply be
 *   repeated), `invalid-request` (reject) for more lines than one transaction holds.
 */
export type StockStore = {
  levels(skus: readonly string[]): Promise<readonly StockLevel[]>;
  reserve(
    orderId: string,
    lines: readonly ReservationLine[],
    expiresAt: EpochMs,
  ): Promise<ReserveAnswer>;
  commit(orderId: string, now: EpochMs): Promise<"committed" | "not-held">;
  ship(orderId: string, now: EpochMs): Promise<"shipped" | "not-committed">;
  release(
    orderId: string,
    now: EpochMs,
  ): Promise<"released" | "already-released" | "tombstone" | "shipped">;
  receive(sku: string, available: number): Promise<boolean>;
};

export type Adjustment = {
  /** Follows from who asks and under which key, so that a repetition has the same. */
  readonly id: string;
  readonly sku: string;
  /** Units; not 0. */
  readonly delta: number;
  readonly reason: string;
  readonly adjustedAt: EpochMs;
};

export type AdjustAnswer =
  /** Now or before: what stands there under this id, with its own time. */
  | { readonly kind: "recorded"; readonly adjustment: Adjustment }
  | { readonly kind: "unknown-sku" }
  /** Fewer units are available than were to be taken; nothing was written. */
  | { readonly kind: "short" };

/**
 * Contract (`test/contract/stock-adjustments-contract.ts`): one transaction changes what is
 * available and records the adjustment; under one id it happens once, whatever is asked again, and
 * never takes what is available below 0.
 * Errors: `store-throttled` and `conflict` (retry), `outcome-unknown` (may simply be repeated).
 */
export type StockAdjustments = {
  adjust(adjustment: Adjustment): Promise<AdjustAnswer>;
};

/** One of the counters of a SKU: 0 is its base, which every SKU has; the others are its shards. */
export type StockItemId = { readonly sku: string; readonly shard: number };

/**
 * The units of one counter. At every moment `available + reserved + sold` is `received + adjusted +
 * moved`; what was moved sums to 0 over a SKU.
 */
export type StockItem = StockItemId & {
  readonly available: number;
  readonly reserved: number;
  readonly sold: number;
  readonly received: number;
  readonly adjusted: number;
  readonly moved: number;
  /** Of the base: shards that new units are spread over; 1: the base alone. */
  readonly shards: number;
  /** Of the base: the highest shard that was ever made, 0 if none: all of them may have units. */
  readonly made: number;
};

export type HeldUnits = StockItemId & { readonly quantity: number };

/** An order's hold, or a reservation without an order. */
export type HoldKey = { readonly of: "order" | "reservation"; readonly id: string };

export type HoldStatus = "held" | "committed" | "shipped" | "released" | "expired";

export type Hold = HoldKey & {
  readonly status: HoldStatus;
  /** None: the tombstone of a hold that never was. Each counter once. */
  readonly units: readonly HeldUnits[];
  /** Compared with the caller's clock wherever it counts. */
  readonly expiresAt: EpochMs;
  /** Who made a reservation. */
  readonly owner?: string;
};

/** What changes by so many units; what is left out stays. */
export type UnitChange = Partial<
  Pick<StockItem, "available" | "reserved" | "sold" | "received" | "adjusted" | "moved">
>;

/** Each with the condition that it carries; a write whose condition fails is refused. */
export type StockWrite =
  /** The counter exists, and neither `available` nor `reserved` falls below 0. */
  | {
      readonly kind: "units";
      readonly item: StockItemId;
      readonly change: UnitChange;
      /** And it has received exactly so many units so far. */
      readonly receivedBefore?: number;
    }
  /** No such counter exists. */
  | { readonly kind: "new-item"; readonly item: StockItem }
  /** The base has exactly these shards now. */
  | {
      readonly kind: "shards";
      readonly sku: string;
      readonly from: Pick<StockItem, "shards" | "made">;
      readonly to: Pick<StockItem, "shards" | "made">;
    }
  /** No hold of this key exists. */
  | { readonly kind: "new-hold"; readonly hold: Hold }
  /** The hold has this status, and its end is still to come or has come, as asked. */
  | {
      readonly kind: "hold-status";
      readonly key: HoldKey;
      readonly from: HoldStatus;
      readonly to: HoldStatus;
      readonly now: EpochMs;
      readonly expiry: "ahead" | "past" | "any";
    }
  /** No adjustment of this id exists. */
  | { readonly kind: "new-adjustment"; readonly adjustment: Adjustment };

/** What became of one write of a transaction that was refused. */
export type WriteOutcome = {
  readonly isRefused: boolean;
  /** Of refused ones: what stands in the way, if anything does. */
  readonly item?: StockItem;
  readonly hold?: Hold;
  readonly adjustment?: Adjustment;
};

/** A transaction has 100 writes: the hold and these. */
export const STOCK_ITEMS_MAX = 97;

/**
 * The table of stock: counters, holds and adjustments.
 *
 * Contract (`test/contract/stock-items-contract.ts`):
 * - `write` carries out all writes or none; undefined: all; else the outcome of each. At most 100,
 *   each of another item.
 * - `items` answers those that exist, in no order; `snapshot` all as they were at one moment, at
 *   most 100; of a transaction that ends in that moment it may show a part.
 * - Errors: `store-throttled` (retry; also of a `snapshot` whose counters do not hold still),
 *   `outcome-unknown`.
 */
export type StockItems = {
  items(ids: readonly StockItemId[]): Promise<readonly StockItem[]>;
  snapshot(ids: readonly StockItemId[]): Promise<readonly StockItem[]>;
  hold(key: HoldKey): Promise<Hold | undefined>;
  write(writes: readonly StockWrite[]): Promise<readonly WriteOutcome[] | undefined>;
};

export type DueHold = { readonly key: HoldKey; readonly expiresAt: EpochMs };

/**
 * Contract (same suite): holds that are held and whose end is `now` or earlier, the oldest first.
 * It may miss what was written a moment ago, and name what is not due any more. Errors:
 * `store-throttled` (retry).
 */
export type DueHolds = { due(now: EpochMs, limit: number): Promise<readonly DueHold[]> };

export type AdjustmentPageRequest = {
  readonly sku: string;
  readonly limit: number;
  /** A page's `next`. */
  readonly after?: string;
};

/**
 * Contract (same suite): a SKU's adjustments, the newest first; `next` is undefined on the last
 * page. It may miss what was written a moment ago. Errors: `store-throttled` (retry).
 */
export type AdjustmentLog = {
  page(request: AdjustmentPageRequest): Promise<{
    readonly adjustments: readonly Adjustment[];
    readonly next: string | undefined;
  }>;
};

export type StockEntry =
  | { readonly kind: "item"; readonly item: StockItem }
  | { readonly kind: "hold"; readonly hold: Hold }
  | { readonly kind: "adjustment"; readonly adjustment: Adjustment };

/**
 * Contract (same suite): every entry of the table once, each as it is when it is read. Errors:
 * `store-throttled` (retry).
 */
export type StockBook = { entries(): AsyncIterable<StockEntry> };
