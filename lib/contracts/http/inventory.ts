/**
 * Requests and answers of the inventory service.
 */
import * as z from "zod";
import {
  cursorField,
  instantField,
  limitField,
  orderIdField,
  skuField,
  writtenField,
} from "./fields.ts";

export const stockView = z.strictObject({
  sku: skuField,
  /** Units in the warehouse, reserved ones included. */
  onHand: z.int(),
  /** Units promised to orders. */
  reserved: z.int(),
  available: z.int(),
  /** Units shipped so far; they are not on hand any more. */
  sold: z.int(),
});

const DELTA_MAX = 1_000_000_000;

/** A correction of what is available, in units: what was counted, broken, found, sent back. */
export const adjustmentBody = z.strictObject({
  delta: z
    .int()
    .min(-DELTA_MAX)
    .max(DELTA_MAX)
    .refine((delta) => delta !== 0, "a delta of 0 changes nothing"),
  reason: writtenField(200),
});

export const adjustmentView = z.strictObject({
  adjustmentId: z.string(),
  sku: skuField,
  delta: z.int(),
  reason: z.string(),
  adjustedAt: instantField,
});

export const listAdjustmentsQuery = z.strictObject({
  limit: limitField,
  cursor: cursorField.optional(),
});

export const adjustmentPage = z.strictObject({
  adjustments: z.array(adjustmentView),
  next: cursorField.optional(),
});

/** With its base few enough to be read at one moment, and to be sold from in one transaction. */
const SHARDS_MAX = 32;

/** Over how many shards the sales of a SKU are spread; 1: over none. */
export const shardsBody = z.strictObject({ shards: z.int().min(1).max(SHARDS_MAX) });

export const shardsView = z.strictObject({
  sku: skuField,
  shards: z.int(),
  movedUnits: z.int(),
});

/** Each line is at least one item of a transaction of 100. */
const LINES_MAX = 90;
const QUANTITY_MAX = 1_000_000;

export const reservationBody = z.strictObject({
  /** Repeated SKUs are merged. */
  lines: z
    .array(z.strictObject({ sku: skuField, quantity: z.int().min(1).max(QUANTITY_MAX) }))
    .min(1)
    .max(LINES_MAX),
  /** Within a day. From then on its units may be sold to others. */
  expiresAt: instantField,
});

export const reservationView = z.strictObject({
  /** Of the same form as an order's. */
  reservationId: orderIdField,
  status: z.enum(["held", "released", "expired"]),
  lines: z.array(z.strictObject({ sku: skuField, quantity: z.int() })),
  expiresAt: instantField,
});

export type StockView = z.infer<typeof stockView>;
export type AdjustmentBody = z.infer<typeof adjustmentBody>;
export type AdjustmentView = z.infer<typeof adjustmentView>;
export type AdjustmentPage = z.infer<typeof adjustmentPage>;
export type ShardsBody = z.infer<typeof shardsBody>;
export type ShardsView = z.infer<typeof shardsView>;
export type ReservationBody = z.infer<typeof reservationBody>;
export type ReservationView = z.infer<typeof reservationView>;
