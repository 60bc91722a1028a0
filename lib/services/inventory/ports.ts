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
