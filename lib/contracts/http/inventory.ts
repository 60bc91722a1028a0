/**
 * Requests and answers of the inventory service.
 */
import * as z from "zod";
import { instantField, skuField } from "./fields.ts";

export const stockView = z.strictObject({
  sku: skuField,
  /** Units in the warehouse, reserved ones included. */
  onHand: z.int(),
  /** Units promised to orders. */
  reserved: z.int(),
  available: z.int(),
});

const DELTA_MAX = 1_000_000_000;

/** A correction of what is available, in units: what was counted, broken, found, sent back. */
export const adjustmentBody = z.strictObject({
  delta: z
    .int()
    .min(-DELTA_MAX)
    .max(DELTA_MAX)
    .refine((delta) => delta !== 0, "a delta of 0 changes nothing"),
  reason: z.string().min(1).max(200),
});

export const adjustmentView = z.strictObject({
  adjustmentId: z.string(),
  sku: skuField,
  delta: z.int(),
  reason: z.string(),
  adjustedAt: instantField,
});

export type StockView = z.infer<typeof stockView>;
export type AdjustmentBody = z.infer<typeof adjustmentBody>;
export type AdjustmentView = z.infer<typeof adjustmentView>;
