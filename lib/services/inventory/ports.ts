/**
 * What the inventory service needs from outside.
 */
import type { EpochMs } from "#kernel/units";

export type StockLevel = {
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
};

export type ReservationLine = { readonly sku: string; readonly quantity: number };

export type ReserveAnswer =
  | { readonly kind: "reserved" }
  /** This order's reservation exists already; nothing was written. */
  | { readonly kind: "already-reserved" }
  /** Released (or cancelled before it arrived): a late reserve is refused for ever. */
  | { readonly kind: "released" }
  | { readonly kind: "out-of-stock"; readonly skus: readonly string[] };

/**
 * Contract (`test/contract/stock-store-contract.ts`):
 * - `reserve` is one conditional transaction over all lines (each SKU once): all or nothing,
 *   never below 0.
 * - `release` gives back exactly what was reserved, once; without a reservation it leaves a
 *   tombstone that refuses a late one.
 * - `receive` raises what is available to the level, never lowers it; answers whether it wrote.
 * - Errors: `store-throttled` (retry), `outcome-unknown` (all three may simply be repeated).
 */
export type StockStore = {
  levels(skus: readonly string[]): Promise<readonly StockLevel[]>;
  reserve(orderId: string, lines: readonly ReservationLine[], now: EpochMs): Promise<ReserveAnswer>;
  release(orderId: string, now: EpochMs): Promise<"released" | "already-released" | "tombstone">;
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
 * Errors: `store-throttled` (retry), `outcome-unknown` (may simply be repeated).
 */
export type StockAdjustments = {
  adjust(adjustment: Adjustment): Promise<AdjustAnswer>;
};
