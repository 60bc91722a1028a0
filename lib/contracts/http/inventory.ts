/**
 * Answers of the inventory service.
 */
import * as z from "zod";
import { skuField } from "./fields.ts";

export const stockView = z.strictObject({
  sku: skuField,
  /** Units in the warehouse, reserved ones included. */
  onHand: z.int(),
  /** Units promised to orders. */
  reserved: z.int(),
  available: z.int(),
});

export type StockView = z.infer<typeof stockView>;
