/**
 * Requests and answers about an order's life after it has been placed: cancelling, paying back,
 * taking back, and the decision of its review.
 */
import * as z from "zod";
import { ORDER_STATUSES } from "../order-words.ts";
import { moneyField, orderIdField, skuField } from "./fields.ts";
import { reasonField } from "./sagas.ts";

const LINES_MAX = 90;
const QUANTITY_MAX = 1000;

export const cancelBody = z.strictObject({ reason: reasonField });

export const changedOrder = z.strictObject({
  orderId: orderIdField,
  status: z.enum(ORDER_STATUSES),
  cancelRequested: z.boolean(),
  links: z.strictObject({ self: z.string(), events: z.string() }),
});

export const refundBody = z.strictObject({
  /** Minor units of the order's currency. */
  amount: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
  reason: reasonField,
});

export const refundView = z.strictObject({
  refundId: z.string(),
  amount: moneyField,
  cause: z.enum(["refund", "cancel", "return"]),
  status: z.enum(["pending", "refunded", "refused"]),
});

const returnLines = z
  .array(z.strictObject({ sku: skuField, quantity: z.int().min(1).max(QUANTITY_MAX) }))
  .min(1)
  .max(LINES_MAX);

export const returnBody = z.strictObject({ lines: returnLines, reason: reasonField });

export const returnView = z.strictObject({
  returnId: z.string(),
  lines: z.array(z.strictObject({ sku: skuField, quantity: z.int() })),
  status: z.enum(["requested", "received"]),
});

export const receiveReturnBody = z.strictObject({
  reason: reasonField,
  /** Minor units to pay back; absent: what was paid for what came back. */
  amount: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
});

export const reviewBody = z.strictObject({
  decision: z.enum(["approved", "declined"]),
  reason: reasonField,
});

export type ChangedOrder = z.infer<typeof changedOrder>;
export type RefundView = z.infer<typeof refundView>;
export type ReturnView = z.infer<typeof returnView>;
