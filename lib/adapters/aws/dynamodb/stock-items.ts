/**
 * How stock, reservations and adjustments are laid out as items.
 */
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { Adjustment, ReservationLine } from "#services/inventory/ports";

export type Reservation = {
  readonly status: "reserved" | "released";
  readonly lines: readonly ReservationLine[];
};

/** An item as `unmarshall` answers it. */
export type ItemFields = Readonly<Record<string, unknown>>;

export const stockKey = (sku: string) => ({ pk: `sku#${sku}`, sk: "stock" });

export const reservationKey = (orderId: string) => ({
  pk: `order#${orderId}`,
  sk: "reservation",
});

export const adjustmentKey = (id: string) => ({ pk: `adjustment#${id}`, sk: "adjustment" });

export const adjustmentOf = (id: string, item: ItemFields): Adjustment => ({
  id,
  sku: String(item["sku"]),
  delta: Number(item["delta"]),
  reason: String(item["reason"]),
  adjustedAt: Number(item["recordedAt"]) as EpochMs,
});

/** Throws `Failure` `unexpected` (halt) for an item that no reservation can have written. */
export function reservationOf(item: ItemFields): Reservation {
  const { pk, status, lines } = item;
  if ((status !== "reserved" && status !== "released") || !Array.isArray(lines)) {
    throw damaged(pk);
  }
  return { status, lines: lines.map((line: unknown) => lineOf(pk, line)) };
}

function lineOf(pk: unknown, line: unknown): ReservationLine {
  if (typeof line !== "object" || line === null) throw damaged(pk);
  const { sku, quantity } = line as ItemFields;
  if (typeof sku !== "string" || typeof quantity !== "number") throw damaged(pk);
  return { sku, quantity };
}

const damaged = (pk: unknown): Failure =>
  new Failure("unexpected", "halt", `The reservation ${String(pk)} cannot be read.`);
