/**
 * The events of an order's stream, as they are stored, timelined and relayed. Instants are
 * milliseconds since the epoch.
 */
import * as z from "zod/mini";
import { FULFILMENT_STATUSES, ORDER_ID, REJECTION_REASONS, SKU } from "../order-words.ts";
import { shortLine } from "../short-stock.ts";
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
  reason: z.enum(REJECTION_REASONS),
  detail: z.string(),
  /** What there was not enough of. Absent in what was stored before it was kept. */
  short: z.optional(z.array(shortLine)),
});

/** Who decided, and why. */
const decider = { author: z.string(), reason: z.string() };
/** A refund's; absent: the order's saga. */
const work = { refundId: z.optional(z.string()), run: z.int().check(z.minimum(0)) };
const amount = z.int().check(z.minimum(0));
const noMore = z.strictObject({});

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
  "order.review-requested": z.strictObject({ deadline: epochMs }),
  "order.review-decided": z.strictObject({
    ...decider,
    decision: z.enum(["approved", "declined", "expired"]),
  }),
  "order.shipment-created": z.strictObject({ shipmentId: z.string() }),
  "order.confirmed": orderConfirmed,
  "order.rejected": orderRejected,
  "order.cancel-requested": z.strictObject(decider),
  "order.cancelled": noMore,
  "order.needs-attention": z.strictObject({
    ...work,
    kind: z.enum(["failed", "late"]),
    cause: z.string(),
  }),
  "order.repaired": z.strictObject({
    ...work,
    ...decider,
    action: z.enum(["retry", "resolve"]),
  }),
  "order.refund-requested": z.strictObject({
    ...decider,
    refundId: z.string(),
    amount,
    cause: z.enum(["refund", "cancel", "return"]),
  }),
  "order.refunded": z.strictObject({ refundId: z.string(), paymentId: z.string() }),
  "order.refund-refused": z.strictObject({ refundId: z.string(), detail: z.string() }),
  "order.return-requested": z.strictObject({
    ...decider,
    returnId: z.string(),
    lines: z.array(z.strictObject({ sku, quantity: z.int() })),
  }),
  "order.return-received": z.strictObject({ ...decider, returnId: z.string() }),
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
