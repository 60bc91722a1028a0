/**
 * What crosses the border between the order saga (`stepfunctions/order-saga.asl.json`) and its
 * tasks. Ids travel, not carts; amounts are minor units.
 */
import * as z from "zod";
import { orderIdField, skuField } from "./http/fields.ts";
import { REJECTION_REASONS } from "./order-words.ts";
import { SHORT_TEXT_MAX } from "./short-stock.ts";

/**
 * An order of more than this (minor units) is looked at by a person before anything is taken for
 * it. The decision has to come within `decisionSeconds`; the saga waits for it `waitSeconds`, a
 * little longer, so that the state never ends before the decision's time does.
 */
export const ORDER_REVIEW = {
  aboveAmount: 5_000_000,
  decisionSeconds: 14_400,
  waitSeconds: 14_700,
} as const;

/** 0 is the first; each repair has the next. */
const runField = z.int().min(0);

/** Given by whoever asks for the refund; unique within its order. */
export const refundIdField = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);

export const sagaInput = z.strictObject({ orderId: orderIdField, run: runField });

/** functions/orders/tasks.ts */
export const orderTask = z.discriminatedUnion("step", [
  z.strictObject({ step: z.literal("begin"), orderId: orderIdField, run: runField }),
  z.strictObject({ step: z.literal("shipment"), orderId: orderIdField }),
  // The token lets whoever has it end the state: it is in no log and in no event.
  z.strictObject({
    step: z.literal("review"),
    orderId: orderIdField,
    token: z.string().min(1).max(2048),
  }),
  z.strictObject({ step: z.literal("confirm"), orderId: orderIdField, paymentId: z.string() }),
  z.strictObject({
    step: z.literal("reject"),
    orderId: orderIdField,
    reason: z.enum([...REJECTION_REASONS, "cancelled"]),
    /** Of `out-of-stock` the text of `contracts/short-stock.ts`. */
    detail: z.string().max(SHORT_TEXT_MAX),
  }),
  z.strictObject({
    step: z.literal("refunded"),
    orderId: orderIdField,
    refundId: refundIdField,
    paymentId: z.string(),
  }),
  z.strictObject({
    step: z.literal("refuse-refund"),
    orderId: orderIdField,
    refundId: refundIdField,
    detail: z.string().max(2048),
  }),
  z.strictObject({
    step: z.literal("attention"),
    orderId: orderIdField,
    refundId: refundIdField.optional(),
    run: runField,
    cause: z.string().max(2048),
  }),
]);

/** The answer of `begin`. */
export const sagaOrder = z.strictObject({
  orderId: orderIdField,
  lines: z.array(z.strictObject({ sku: skuField, quantity: z.int().min(1) })),
  amount: z.int().min(0),
  currency: z.string(),
});

/**
 * How long an order's stock is held while its saga is under way: longer than all that the saga may
 * wait for between reserving and committing, a review by hand included. A committed hold has no
 * end.
 */
export const HOLD_SECONDS = 86_400;

/** functions/inventory/tasks.ts */
export const stockTask = z.discriminatedUnion("step", [
  z.strictObject({
    step: z.literal("reserve"),
    orderId: orderIdField,
    lines: z.array(z.strictObject({ sku: skuField, quantity: z.int().min(1) })).min(1),
  }),
  z.strictObject({ step: z.literal("release"), orderId: orderIdField }),
  z.strictObject({ step: z.literal("commit"), orderId: orderIdField }),
  z.strictObject({ step: z.literal("ship"), orderId: orderIdField }),
]);

/** functions/payments/tasks.ts */
export const paymentTask = z.discriminatedUnion("step", [
  z.strictObject({
    step: z.literal("authorise"),
    orderId: orderIdField,
    amount: z.int().min(0),
    currency: z.string(),
  }),
  z.strictObject({ step: z.literal("capture"), orderId: orderIdField }),
  z.strictObject({ step: z.literal("void"), orderId: orderIdField }),
  z.strictObject({
    step: z.literal("refund"),
    orderId: orderIdField,
    refundId: refundIdField,
    amount: z.int().min(1),
    currency: z.string(),
  }),
]);

/** The answer of `authorise` and `capture`. */
export const paymentAnswer = z.strictObject({ paymentId: z.string() });

/** The answer of `refund`. */
export const refundAnswer = z.strictObject({ refundId: refundIdField, paymentId: z.string() });

/**
 * Names under which a task's error reaches the saga. Business errors are caught by name and never
 * retried; `Transient` is retried with backoff and jitter, `OutcomePending` until the step's
 * deadline has passed.
 */
export const SAGA_ERRORS = {
  outOfStock: "OutOfStock",
  paymentDeclined: "PaymentDeclined",
  paymentRefused: "PaymentRefused",
  stepCancelled: "StepCancelled",
  holdExpired: "HoldExpired",
  orderNotOpen: "OrderNotOpen",
  cancelRequested: "CancelRequested",
  reviewNeeded: "ReviewNeeded",
  reviewOver: "ReviewOver",
  reviewDeclined: "ReviewDeclined",
  outcomePending: "OutcomePending",
  transient: "Transient",
  refused: "Refused",
} as const;

export type OrderTask = z.infer<typeof orderTask>;
export type SagaOrder = z.infer<typeof sagaOrder>;
export type StockTask = z.infer<typeof stockTask>;
export type PaymentTask = z.infer<typeof paymentTask>;
export type PaymentAnswer = z.infer<typeof paymentAnswer>;
export type RefundAnswer = z.infer<typeof refundAnswer>;
