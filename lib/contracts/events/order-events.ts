/**
 * The events of an order's stream, as they are stored, timelined and relayed. Instants are
 * milliseconds since the epoch.
 */
import * as z from "zod/mini";
import { FULFILMENT_STATUSES, ORDER_ID, SKU } from "../order-words.ts";
import "./english.ts";

const epochMs = z.int().check(z.minimum(0));
const orderId = z.string().check(z.regex(ORDER_ID.pattern, ORDER_ID.says));
const sku = z.string().check(z.regex(SKU.pattern, SKU.says));

export const ORDER_EVENT_SOURCE = "urn:inorder:orders";

const orderPlaced = z.strictObject({
  orderId,
  customerId: z.string(),
  externalReference: z.optional(z.string()),
  placedAt: epochMs,
  currency: z.string(),
  lines: z.array(
    z.strictObject({
      sku,
      quantity: z.int(),
      unitPrice: z.int(),
      unitFreight: z.int(),
      discount: z.optional(z.int()),
      tax: z.optional(z.int()),
    }),
  ),
  total: z.int(),
  /** Absent before totals were kept in parts. */
  price: z.optional(
    z.strictObject({
      country: z.string(),
      items: z.int(),
      discount: z.int(),
      shipping: z.int(),
      tax: z.int(),
      taxIncluded: z.boolean(),
      discounts: z.array(
        z.strictObject({ rule: z.string(), code: z.optional(z.string()), amount: z.int() }),
      ),
    }),
  ),
});

const orderConfirmed = z.strictObject({ paymentId: z.string() });

const orderRejected = z.strictObject({
  reason: z.enum(["payment-declined", "payment-failed", "out-of-stock"]),
  detail: z.string(),
});

/** One report of the outside world, applied once and in the sender's order. */
export const orderFulfilmentReported = z.strictObject({
  report: z.enum(["approved", "handed-to-carrier", "delivered", "final-status"]),
  /** The order's status after it; what only its saga says is none. */
  status: z.enum(FULFILMENT_STATUSES),
  /** Absent for a final status: the sender gives it no time. */
  occurredAt: z.optional(epochMs),
  /** When our webhook function accepted it. */
  receivedAt: epochMs,
  /** When the consumer applied it. */
  appliedAt: epochMs,
  /** It waited for a predecessor before it was applied. */
  held: z.boolean(),
  webhookId: z.string(),
  webhookSequence: z.int(),
});

export const orderEventSchemas = {
  "order.placed": orderPlaced,
  "order.confirmed": orderConfirmed,
  "order.rejected": orderRejected,
  "order.fulfilment-reported": orderFulfilmentReported,
} as const;

export type OrderEventType = keyof typeof orderEventSchemas;

/** Who reads which of them in order, by the consumer's name: the routes of the relay. */
export const ORDER_EVENT_READERS: Readonly<
  Record<
    "saga-start" | "order-list" | "recommendations" | "webhook-plan",
    readonly OrderEventType[]
  >
> = {
  "saga-start": ["order.placed"],
  recommendations: Object.keys(orderEventSchemas) as OrderEventType[],
  "order-list": Object.keys(orderEventSchemas) as OrderEventType[],
  "webhook-plan": Object.keys(orderEventSchemas) as OrderEventType[],
};
